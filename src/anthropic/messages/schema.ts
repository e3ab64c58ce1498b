import * as v from 'valibot'
import { Count, Finite, JsonObject, ModelName, NonEmptyText, Whole } from '../../request-fields.ts'

const Text = v.nullish(v.string())
const Flag = v.nullish(v.boolean())
const Citations = v.nullish(v.object({ enabled: Flag }))

const TextBlock = v.object({ type: v.literal('text'), text: v.string() })
const SystemText = v.union([v.string(), v.array(TextBlock)])

const ImageSource = v.variant('type', [
  v.object({ type: v.literal('base64'), media_type: v.string(), data: v.string() }),
  v.object({ type: v.literal('url'), url: v.string() }),
  v.object({ type: v.literal('file'), file_id: v.string() }),
])
const ImageBlock = v.object({ type: v.literal('image'), source: ImageSource })

const DocumentBlock = v.object({
  type: v.literal('document'),
  title: Text,
  context: Text,
  citations: Citations,
  source: v.variant('type', [
    ...ImageSource.options,
    v.object({ type: v.literal('text'), data: v.string() }),
    v.object({
      type: v.literal('content'),
      content: v.union([v.string(), v.array(v.variant('type', [TextBlock, ImageBlock]))]),
    }),
  ]),
})
export type DocumentBlock = v.InferOutput<typeof DocumentBlock>

const SearchResultBlock = v.object({
  type: v.literal('search_result'),
  title: v.string(),
  source: v.string(),
  content: v.array(TextBlock),
  citations: Citations,
})

const KNOWN_TYPES = [
  ...['text', 'image', 'document', 'search_result', 'tool_reference'],
  ...['tool_use', 'tool_result', 'thinking', 'redacted_thinking'],
]
/** Block types that the gateway does not know: blocks of server tools, and future types. */
const OtherBlock = v.pipe(
  v.looseObject({ type: v.pipe(v.string(), v.notValues(KNOWN_TYPES)) }),
  v.transform((block) => ({ type: 'other' as const, block })),
)

/** The content of tool results, and of messages beside calls and results. */
export const ContentBlock = v.variant('type', [
  TextBlock,
  ImageBlock,
  DocumentBlock,
  SearchResultBlock,
  v.object({ type: v.literal('tool_reference'), tool_name: v.string() }),
  OtherBlock,
])
export type ContentBlock = v.InferOutput<typeof ContentBlock>

const ToolResultBlock = v.object({
  type: v.literal('tool_result'),
  tool_use_id: v.string(),
  content: v.nullish(v.union([v.string(), v.array(ContentBlock)])),
  is_error: Flag,
})
export type ToolResultBlock = v.InferOutput<typeof ToolResultBlock>

const Block = v.variant('type', [
  v.object({
    type: v.literal('tool_use'),
    id: v.string(),
    name: v.string(),
    input: v.unknown(),
  }),
  ToolResultBlock,
  v.object({ type: v.literal('thinking'), thinking: v.string() }),
  v.object({ type: v.literal('redacted_thinking') }),
  ...ContentBlock.options,
])
export type Block = v.InferOutput<typeof Block>

const Content = v.union([v.string(), v.array(Block)])
const Message = v.variant('role', [
  v.object({ role: v.literal('user'), content: Content }),
  v.object({ role: v.literal('assistant'), content: Content }),
  v.object({
    role: v.literal('system'),
    content: v.nullish(v.union([v.string(), v.array(v.variant('type', [TextBlock, OtherBlock]))])),
  }),
])
export type Message = v.InferOutput<typeof Message>

const CustomTool = v.object({
  type: v.nullish(v.literal('custom')),
  name: NonEmptyText,
  description: Text,
  input_schema: JsonObject,
  strict: Flag,
})
/** Tools that Anthropic runs or defines: their type has a date. */
const BuiltInTool = v.pipe(
  v.object({ type: v.pipe(v.string(), v.notValue('custom')) }),
  v.transform(({ type }) => ({ type: 'built-in' as const, named: type })),
)
const Tool = v.union([CustomTool, BuiltInTool])
export type Tool = v.InferOutput<typeof Tool>

const ToolChoice = v.variant('type', [
  v.object({ type: v.picklist(['auto', 'any']), disable_parallel_tool_use: Flag }),
  v.object({ type: v.literal('tool'), name: v.string(), disable_parallel_tool_use: Flag }),
  v.object({ type: v.literal('none') }),
])

const Display = Text
const Thinking = v.variant('type', [
  v.object({ type: v.literal('enabled'), budget_tokens: Count, display: Display }),
  v.object({ type: v.picklist(['adaptive', 'between_tools']), display: Display }),
  v.object({ type: v.literal('disabled') }),
])

const JsonFormat = v.object({ type: v.literal('json_schema'), schema: JsonObject })
const OutputConfig = v.looseObject({
  effort: v.nullish(v.picklist(['low', 'medium', 'high', 'xhigh', 'max'])),
  format: v.nullish(JsonFormat),
})

/** The members of `POST /v1/messages` that are read. Others are kept for warnings. */
export const MessagesRequest = v.looseObject({
  model: ModelName,
  messages: v.pipe(
    v.array(Message, 'must be a list of messages'),
    v.minLength(1, 'must not be empty'),
  ),
  system: v.nullish(SystemText),
  stream: v.nullish(v.boolean(), false),
  max_tokens: v.nullish(Count),
  temperature: v.nullish(Finite),
  top_p: v.nullish(Finite),
  top_k: v.nullish(Whole),
  stop_sequences: v.nullish(v.array(v.string())),
  tools: v.nullish(v.array(Tool)),
  tool_choice: v.nullish(ToolChoice),
  thinking: v.nullish(Thinking),
  output_config: v.nullish(OutputConfig),
  output_format: v.nullish(JsonFormat),
  service_tier: Text,
  thread: v.optional(v.unknown()),
  context_management: v.nullish(v.looseObject({
    edits: v.nullish(v.array(v.looseObject({ type: v.string() }))),
  })),
})
export type MessagesRequest = v.InferOutput<typeof MessagesRequest>
