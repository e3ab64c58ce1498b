import * as v from 'valibot'
import { EFFORTS, VERBOSITIES } from '../../chat/levels.ts'
import { type MessageKind, newestInput } from '../../chat/newest-input.ts'
import { Count, Finite, JsonObject, ModelName, NonEmptyText, Whole } from '../../request-fields.ts'

const TextPart = v.looseObject({ type: v.literal('text'), text: v.string() })
const Address = v.union([v.string(), v.looseObject({ url: v.string() })])
const ImageAddress = v.union([
  v.string(),
  v.looseObject({ url: v.string(), detail: v.optional(v.unknown()) }),
])

/** The content parts that are translated. */
export const ContentPart = v.variant('type', [
  TextPart,
  v.looseObject({ type: v.literal('image_url'), image_url: ImageAddress }),
  v.looseObject({ type: v.literal('video_url'), video_url: Address }),
  v.looseObject({
    type: v.literal('input_audio'),
    input_audio: v.looseObject({ data: v.string(), format: v.string() }),
  }),
  v.looseObject({
    type: v.literal('file'),
    file: v.looseObject({ file_data: v.nullish(v.string()), file_id: v.nullish(v.string()) }),
  }),
])
export type ContentPart = v.InferOutput<typeof ContentPart>

const PART_TYPES = ContentPart.options.map(({ entries }) => entries.type.literal)
const UnknownPart = v.looseObject({
  type: v.pipe(v.string(), v.notValues<string, string[]>(PART_TYPES)),
})

const TextContent = v.union([v.string(), v.array(TextPart)])

/** A message as the client wrote it. Its members are read one by one, because nothing is refused. */
export type ChatMessage = Readonly<Record<string, unknown>>
type MessageSchema = v.GenericSchema<unknown, ChatMessage>

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const
/** Every role that a message can have; others are translated only in earlier messages. */
export type Role = (typeof ROLES)[number]

const EarlierMessage: MessageSchema = JsonObject
const LastMessage: MessageSchema = v.looseObject({ role: v.picklist(ROLES) })
/** The only message that a client can still change. Parts of unknown types are left out. */
const NewestInput: MessageSchema = v.looseObject({
  role: v.literal('user'),
  content: v.nullish(
    v.union([v.string(), v.array(v.variant('type', [...ContentPart.options, UnknownPart]))]),
  ),
})

const MessageList = v.pipe(
  v.array(EarlierMessage, 'must be a list of messages'),
  v.minLength(1, 'must not be empty'),
)

/** Validates the newest input strictly and accepts anything in the messages before it. */
const Messages: v.GenericSchema<unknown, ChatMessage[]> = v.lazy((list) => {
  if (!Array.isArray(list) || list.length === 0) return MessageList
  const newest = newestInput(list, kindOfMessage)
  return v.tuple(list.map((_, index): MessageSchema => {
    if (index === newest) return NewestInput
    return index === list.length - 1 ? LastMessage : EarlierMessage
  }))
})

/** The kind of an unvalidated message. */
export function kindOfMessage(message: unknown): MessageKind {
  if (typeof message !== 'object' || message === null || !('role' in message)) return 'other'
  switch (message.role) {
    case 'user':
      return 'user'
    case 'tool':
    case 'function':
      return 'tool'
    case 'assistant':
      return hasCalls(message) ? 'tool' : 'other'
    default:
      return 'other'
  }
}

function hasCalls(message: object): boolean {
  const { tool_calls: calls, function_call: call }: ChatMessage = { ...message }
  return (Array.isArray(calls) && calls.length > 0) || (call !== undefined && call !== null)
}

const FunctionTool = v.looseObject({
  name: NonEmptyText,
  description: v.nullish(v.string()),
  parameters: v.nullish(JsonObject),
  strict: v.nullish(v.boolean()),
})
interface FunctionDefinition {
  type: 'function'
  function: v.InferOutput<typeof FunctionTool>
}
export type ToolDefinition = FunctionDefinition | { type: string }

/** Tools of other types may have a member `function` of any type. */
export function isFunctionTool(tool: ToolDefinition): tool is FunctionDefinition {
  return tool.type === 'function'
}

const Tool: v.GenericSchema<unknown, ToolDefinition> = v.variant('type', [
  v.looseObject({ type: v.literal('function'), function: FunctionTool }),
  v.looseObject({ type: v.pipe(v.string(), v.notValue('function')) }),
])

const Grammar = { definition: v.nullish(v.string()), syntax: v.nullish(v.string()) }

/** A tool of another type, if it is a custom tool. */
export const CustomTool = v.looseObject({
  type: v.literal('custom'),
  custom: v.looseObject({
    name: NonEmptyText,
    description: v.nullish(v.string()),
    format: v.nullish(v.looseObject({
      type: v.string(),
      grammar: v.nullish(v.looseObject(Grammar)),
      // Responses has the grammar here.
      ...Grammar,
    })),
  }),
})

const NamedTool = v.variant('type', [
  v.looseObject({
    type: v.literal('function'),
    function: v.looseObject({ name: v.string() }),
  }),
  v.looseObject({ type: v.literal('custom'), custom: v.looseObject({ name: v.string() }) }),
  v.looseObject({ type: v.pipe(v.string(), v.notValues(['function', 'custom'])) }),
])
/** An object names a tool, allows some of them, or has a type that is not supported. */
export type ToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { type: string; allowed_tools?: AllowedTools }
interface AllowedTools {
  mode: 'auto' | 'required'
  tools: readonly { type: string }[]
}
const ToolChoice: v.GenericSchema<unknown, ToolChoice> = v.union([
  v.picklist(['auto', 'none', 'required']),
  v.variant('type', [
    v.looseObject({
      type: v.literal('allowed_tools'),
      allowed_tools: v.looseObject({
        mode: v.picklist(['auto', 'required']),
        tools: v.array(NamedTool),
      }),
    }),
    ...NamedTool.options.slice(0, 2),
    v.looseObject({
      type: v.pipe(v.string(), v.notValues(['function', 'custom', 'allowed_tools'])),
    }),
  ]),
], 'must be "auto", "none", "required", or an object that names a function')

const ResponseFormat = v.variant('type', [
  v.looseObject({ type: v.literal('text') }),
  v.looseObject({ type: v.literal('json_object') }),
  v.looseObject({
    type: v.literal('json_schema'),
    json_schema: v.nullish(v.looseObject({
      name: v.nullish(v.string()),
      description: v.nullish(v.string()),
      schema: v.nullish(JsonObject),
      strict: v.nullish(v.boolean()),
    })),
  }),
])

const Place = v.nullish(v.string())
const WebSearchOptions = v.looseObject({
  search_context_size: v.nullish(v.picklist(['low', 'medium', 'high'])),
  user_location: v.nullish(v.looseObject({
    approximate: v.nullish(
      v.looseObject({ city: Place, region: Place, country: Place, timezone: Place }),
    ),
  })),
})

/** The members of `POST /v1/chat/completions` that are read. Others are kept for warnings. */
export const ChatCompletionRequest = v.looseObject({
  model: ModelName,
  messages: Messages,
  stream: v.nullish(v.boolean(), false),
  stream_options: v.nullish(v.looseObject({ include_usage: v.nullish(v.boolean()) })),
  max_tokens: v.nullish(Count),
  max_completion_tokens: v.nullish(Count),
  temperature: v.nullish(Finite),
  top_p: v.nullish(Finite),
  top_k: v.nullish(Whole),
  frequency_penalty: v.nullish(Finite),
  presence_penalty: v.nullish(Finite),
  seed: v.nullish(Whole),
  stop: v.nullish(
    v.union([v.string(), v.array(v.string())], 'must be a string or a list of strings'),
  ),
  n: v.nullish(Count),
  logprobs: v.nullish(v.boolean()),
  top_logprobs: v.nullish(v.pipe(Whole, v.minValue(0), v.maxValue(20))),
  // A record alone accepts an array.
  logit_bias: v.nullish(v.pipe(JsonObject, v.record(v.string(), Finite))),
  tools: v.nullish(v.array(Tool)),
  tool_choice: v.nullish(ToolChoice),
  parallel_tool_calls: v.nullish(v.boolean()),
  response_format: v.nullish(ResponseFormat),
  reasoning_effort: v.nullish(v.picklist(EFFORTS)),
  verbosity: v.nullish(v.picklist(VERBOSITIES)),
  prediction: v.nullish(v.looseObject({ type: v.literal('content'), content: TextContent })),
  web_search_options: v.nullish(WebSearchOptions),
  metadata: v.nullish(JsonObject),
  service_tier: v.nullish(v.string()),
  /** From Cohere's API: sources that the reply may cite. */
  documents: v.nullish(v.array(v.union([v.string(), JsonObject]))),
})

const { model, stream } = ChatCompletionRequest.entries

/** The members that are read of every request, before it is relayed or translated. */
export const ChatRoutingFields = v.object({ model, stream })
export type ChatCompletionRequest = v.InferOutput<typeof ChatCompletionRequest>
