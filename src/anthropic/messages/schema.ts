import * as v from 'valibot'
import { EFFORTS } from '../../chat/levels.ts'
import { type MessageKind, newestInput } from '../../chat/newest-input.ts'
import { Count, Finite, JsonObject, ModelName, NonEmptyText, Whole } from '../../request-fields.ts'

const Text = v.nullish(v.string())
const Flag = v.nullish(v.boolean())
/** A member without effect on a reply, of any type. */
const Ignored = v.optional(v.unknown())
const Citations = v.nullish(v.looseObject({ enabled: Flag }))

const TextBlock = v.looseObject({ type: v.literal('text'), text: v.string() })
const SystemText = v.union([v.string(), v.array(TextBlock)])

const ImageSource = v.variant('type', [
  v.looseObject({ type: v.literal('base64'), media_type: v.string(), data: v.string() }),
  v.looseObject({ type: v.literal('url'), url: v.string() }),
  v.looseObject({ type: v.literal('file'), file_id: v.string() }),
])
const ImageBlock = v.looseObject({ type: v.literal('image'), source: ImageSource })

const DocumentBlock = v.looseObject({
  type: v.literal('document'),
  title: Text,
  context: Text,
  citations: Citations,
  source: v.variant('type', [
    ...ImageSource.options,
    v.looseObject({ type: v.literal('text'), data: v.string(), media_type: Ignored }),
    v.looseObject({
      type: v.literal('content'),
      content: v.union([v.string(), v.array(v.variant('type', [TextBlock, ImageBlock]))]),
    }),
  ]),
})
export type DocumentBlock = v.InferOutput<typeof DocumentBlock>

const SearchResultBlock = v.looseObject({
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
  v.transform((block): { type: 'other'; block: object } => ({ type: 'other', block })),
)

const ToolReference = v.looseObject({ type: v.literal('tool_reference'), tool_name: v.string() })

/** The content of tool results, and of messages beside calls and results. */
export const ContentBlock = v.variant('type', [
  TextBlock,
  ImageBlock,
  DocumentBlock,
  SearchResultBlock,
  ToolReference,
  OtherBlock,
])
export type ContentBlock = v.InferOutput<typeof ContentBlock>

/** Anything else: clients cannot correct the blocks of earlier messages and of results. */
const AnyBlock = v.pipe(
  v.unknown(),
  v.transform((block) => ({
    type: 'other' as const,
    block: typeof block === 'object' && block !== null ? block : { text: block },
  })),
)
const AnyContent = v.pipe(
  v.unknown(),
  v.transform((content) => content === undefined || content === null ? [] : [content]),
  v.array(AnyBlock),
)

const ToolResultBlock = v.looseObject({
  type: v.literal('tool_result'),
  tool_use_id: v.string(),
  content: v.optional(
    v.union([v.string(), v.array(v.union([ContentBlock, AnyBlock])), AnyContent]),
    [],
  ),
  is_error: v.optional(v.unknown()),
})
export type ToolResultBlock = v.InferOutput<typeof ToolResultBlock>

const ToolUseBlock = v.looseObject({
  type: v.literal('tool_use'),
  id: v.string(),
  name: v.string(),
  input: v.unknown(),
  toolset_name: v.optional(v.unknown()),
  caller: Ignored,
})
const ThinkingBlock = v.looseObject({
  type: v.literal('thinking'),
  thinking: v.string(),
  signature: Ignored,
})
const RedactedBlock = v.looseObject({ type: v.literal('redacted_thinking'), data: Ignored })

const Block = v.variant('type', [
  ToolUseBlock,
  ToolResultBlock,
  ThinkingBlock,
  RedactedBlock,
  ...ContentBlock.options,
])
/** The schemas of the blocks that are read, by type. */
export const BLOCK_SCHEMAS = {
  text: TextBlock,
  image: ImageBlock,
  document: DocumentBlock,
  search_result: SearchResultBlock,
  tool_reference: ToolReference,
  tool_use: ToolUseBlock,
  tool_result: ToolResultBlock,
  thinking: ThinkingBlock,
  redacted_thinking: RedactedBlock,
}
export type Block = v.InferOutput<typeof Block>

const StrictContent = v.union([v.string(), v.array(Block)])
const LenientContent = v.union([v.string(), v.array(v.union([Block, AnyBlock])), AnyContent])

/** A message as it is read. Content in no known form has become blocks. */
export interface Message {
  role: 'user' | 'assistant' | 'system'
  content: string | readonly Block[]
  /** The client's role, if the API does not have it. */
  unknownRole?: string | undefined
}
type MessageSchema = v.GenericSchema<unknown, Message>

const ROLES = ['user', 'assistant', 'system'] as const
const NewestInput: MessageSchema = v.looseObject({
  role: v.literal('user'),
  content: StrictContent,
})
const KnownMessage = v.looseObject({
  role: v.picklist(ROLES),
  content: v.optional(LenientContent, []),
})
const EarlierMessage: MessageSchema = v.union([
  KnownMessage,
  v.pipe(
    v.looseObject({ role: v.optional(v.unknown()), content: v.optional(LenientContent, []) }),
    v.transform((message): Message => {
      const { role, content, tool_call_id: id } = message
      if (role === 'tool' && typeof id === 'string') return toolMessage(id, content)
      const unknownRole = typeof role === 'string' ? role : 'the role'
      return { ...message, role: 'user', content, unknownRole }
    }),
  ),
])

/** A result in the form of chat completions. */
function toolMessage(tool_use_id: string, content: Message['content']): Message {
  const blocks = typeof content === 'string' ? content : content.filter(isContent)
  return { role: 'user', content: [{ type: 'tool_result', tool_use_id, content: blocks }] }
}

function isContent(block: Block): block is Exclude<ToolResultBlock['content'], string>[number] {
  return v.is(ContentBlock, block)
}

const MessageList = v.pipe(
  v.array(EarlierMessage, 'must be a list of messages'),
  v.minLength(1, 'must not be empty'),
)

/** Validates the newest input strictly and accepts anything in the messages before it. */
const Messages: v.GenericSchema<unknown, Message[]> = v.lazy((list) => {
  if (!Array.isArray(list) || list.length === 0) return MessageList
  const newest = newestInput(list, kindOfMessage)
  return v.tuple(list.map((_, index): MessageSchema => {
    if (index === newest) return NewestInput
    if (index < list.length - 1) return EarlierMessage
    // Results of tools are not refused, but have to name their calls.
    return isFromUser(list[index]) ? NewestInput : KnownMessage
  }))
})

/** The kind of a message, validated or not. */
export function kindOfMessage(message: unknown): MessageKind {
  if (typeof message !== 'object' || message === null || !('role' in message)) return 'other'
  const { role } = message
  const blocks: readonly unknown[] = 'content' in message && Array.isArray(message.content)
    ? message.content
    : []
  if (role === 'assistant') return blocks.some(hasType('tool_use')) ? 'tool' : 'other'
  if (role !== 'user' || 'unknownRole' in message) return 'other'
  return blocks.length > 0 && blocks.every(hasType('tool_result')) ? 'tool' : 'user'
}

function isFromUser(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'role' in message &&
    message.role === 'user'
}

function hasType(type: string): (block: unknown) => boolean {
  return (block) =>
    typeof block === 'object' && block !== null && 'type' in block && block.type === type
}

export const CustomTool = v.looseObject({
  type: v.nullish(v.literal('custom')),
  name: NonEmptyText,
  description: Text,
  input_schema: JsonObject,
  strict: Flag,
  // Every tool is offered at once, and only the model calls it.
  defer_loading: Ignored,
  eager_input_streaming: Ignored,
  allowed_callers: Ignored,
})
/** A tool of another type: of Anthropic's, or in OpenAI's form. */
const OtherTool = v.pipe(
  v.looseObject({ type: v.pipe(v.string(), v.notValue('custom')), name: Text }),
  v.transform((tool) => ({ type: 'other' as const, tool })),
)
const Tool = v.union([CustomTool, OtherTool])
export type OtherTool = v.InferOutput<typeof OtherTool>['tool']

const ToolChoice = v.variant('type', [
  v.looseObject({ type: v.picklist(['auto', 'any']), disable_parallel_tool_use: Flag }),
  v.looseObject({ type: v.literal('tool'), name: v.string(), disable_parallel_tool_use: Flag }),
  v.looseObject({ type: v.literal('none') }),
])

const Display = Text
const Thinking = v.variant('type', [
  v.looseObject({ type: v.literal('enabled'), budget_tokens: v.nullish(Finite), display: Display }),
  v.looseObject({ type: v.picklist(['adaptive', 'between_tools']), display: Display }),
  v.looseObject({ type: v.literal('disabled') }),
])

const JsonFormat = v.looseObject({ type: v.picklist(['json_schema', 'json_object', 'text']) })
const OutputConfig = v.looseObject({
  effort: v.nullish(v.picklist(EFFORTS)),
  format: v.nullish(JsonFormat),
})

/** The members of `POST /v1/messages` that are read. Others are kept for warnings. */
export const MessagesRequest = v.looseObject({
  model: ModelName,
  messages: Messages,
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
