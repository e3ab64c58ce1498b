import * as v from 'valibot'
import { NonEmptyText } from '../../request-fields.ts'

const Parts = {
  text: v.object({ type: v.picklist(['input_text', 'output_text', 'text']), text: v.string() }),
  refusal: v.object({ type: v.literal('refusal'), refusal: v.string() }),
  image: v.object({
    type: v.literal('input_image'),
    image_url: v.nullish(v.union([v.string(), v.object({ url: v.string() })])),
    file_id: v.nullish(v.string()),
  }),
  file: v.object({
    type: v.literal('input_file'),
    file_data: v.nullish(v.string()),
    file_url: v.nullish(v.string()),
    file_id: v.nullish(v.string()),
  }),
  audio: v.object({
    type: v.literal('input_audio'),
    input_audio: v.object({ data: v.string(), format: v.string() }),
  }),
}
const ContentPart = v.variant('type', [
  Parts.text,
  Parts.refusal,
  Parts.image,
  Parts.file,
  Parts.audio,
])
export type ContentPart = v.InferOutput<typeof ContentPart>

const Content = v.nullish(
  v.union([v.string(), v.array(ContentPart)], 'must be a string or a list of parts'),
  '',
)

const MessageItem = v.object({
  type: v.nullish(v.literal('message'), 'message'),
  role: v.picklist(['user', 'assistant', 'system', 'developer']),
  content: Content,
})
export type MessageItem = v.InferOutput<typeof MessageItem>

const Namespace = v.nullish(v.string())
const CallId = v.nullish(v.string(), '')

const FunctionCall = v.object({
  type: v.literal('function_call'),
  call_id: CallId,
  name: NonEmptyText,
  namespace: Namespace,
  arguments: v.nullish(v.union([v.string(), v.looseObject({})]), ''),
})
const CustomCall = v.object({
  type: v.literal('custom_tool_call'),
  call_id: CallId,
  name: NonEmptyText,
  namespace: Namespace,
  input: v.nullish(v.string(), ''),
})
const CallOutput = v.object({
  type: v.picklist(['function_call_output', 'custom_tool_call_output']),
  call_id: CallId,
  output: Content,
})
const ReasoningText = v.object({ text: v.string() })
const ReasoningItem = v.object({
  type: v.literal('reasoning'),
  summary: v.nullish(v.array(ReasoningText), []),
  content: v.nullish(v.array(ReasoningText), []),
})
export type ReasoningItem = v.InferOutput<typeof ReasoningItem>

/** A call of a tool that the client or OpenAI has built in, with or without its result. */
const BuiltInCall = v.looseObject({
  type: v.picklist([
    'local_shell_call',
    'shell_call',
    'apply_patch_call',
    'web_search_call',
    'file_search_call',
    'code_interpreter_call',
    'mcp_call',
  ]),
  id: v.nullish(v.string(), ''),
  call_id: v.nullish(v.string()),
})
export type BuiltInCall = v.InferOutput<typeof BuiltInCall>

const BuiltInOutput = v.looseObject({
  type: v.picklist(['local_shell_call_output', 'shell_call_output', 'apply_patch_call_output']),
  id: v.nullish(v.string(), ''),
  call_id: v.nullish(v.string()),
  output: v.optional(v.unknown()),
})
export type BuiltInOutput = v.InferOutput<typeof BuiltInOutput>

export type InputItem =
  | MessageItem
  | v.InferOutput<typeof FunctionCall>
  | v.InferOutput<typeof CustomCall>
  | v.InferOutput<typeof CallOutput>
  | ReasoningItem
  | BuiltInCall
  | BuiltInOutput

type ItemSchema = v.GenericSchema<unknown, InputItem>

const ITEMS = new Map<string, ItemSchema>([
  ['message', MessageItem],
  ['function_call', FunctionCall],
  ['custom_tool_call', CustomCall],
  ...CallOutput.entries.type.options.map((type) => [type, CallOutput] as const),
  ['reasoning', ReasoningItem],
  ...BuiltInCall.entries.type.options.map((type) => [type, BuiltInCall] as const),
  ...BuiltInOutput.entries.type.options.map((type) => [type, BuiltInOutput] as const),
])

/** An item that only OpenAI can read, or of an unknown type. */
const UnknownItem = v.never(({ input }) => `must be of a supported type, not ${nameOfType(input)}`)

/** One item of `input`. An item without a type is a message. */
export const InputItem: ItemSchema = v.lazy((item): ItemSchema =>
  ITEMS.get(typeOf(item)) ?? UnknownItem
)

/** The item's type; empty, which no item has, for a type that is not a string. */
function typeOf(item: unknown): string {
  if (typeof item !== 'object' || item === null || !('type' in item)) return 'message'
  const { type } = item
  if (type === null || type === undefined) return 'message'
  // Not String(type): an object with a member `toString` makes it throw.
  return typeof type === 'string' ? type : ''
}

function nameOfType(item: unknown): string {
  const type = typeOf(item)
  return type === '' ? 'a type that is not a string' : `"${type.slice(0, 60)}"`
}
