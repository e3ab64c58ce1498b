import * as v from 'valibot'
import type { ReasoningEffort } from '../../../chat/levels.ts'
import type { JsonSchema, WebSearch } from '../../../chat/model.ts'
import { lenient, Numeric } from '../../json.ts'
import type { JsonFormat } from '../openai/json-format.ts'

/** Every field that is sent to `POST /openai/v1/responses`, except `model`. */
export interface ResponsesRequest {
  input: readonly InputItem[]
  /** Each request contains the complete conversation; tenancies without storage reject `true`. */
  store: false
  stream: true | undefined
  max_output_tokens: number | undefined
  temperature: number | undefined
  top_p: number | undefined
  reasoning: { effort: ReasoningEffort } | undefined
  text: TextOptions | undefined
  tools: readonly ResponsesTool[] | undefined
  tool_choice: ResponsesToolChoice | undefined
  parallel_tool_calls: boolean | undefined
  include: readonly 'message.output_text.logprobs'[] | undefined
  top_logprobs: number | undefined
  metadata: Readonly<Record<string, string>> | undefined
  service_tier: 'auto' | 'default' | 'priority' | undefined
}

export type InputItem = InputMessage | OutputMessage | FunctionCallItem | FunctionOutputItem

export interface InputMessage {
  type: 'message'
  role: 'system' | 'developer' | 'user'
  content: readonly InputPart[]
}

/** An earlier reply of the model. */
export interface OutputMessage {
  type: 'message'
  role: 'assistant'
  content: readonly { type: 'output_text'; text: string }[]
}

export interface FunctionCallItem {
  type: 'function_call'
  call_id: string
  name: string
  arguments: string
}

export interface FunctionOutputItem {
  type: 'function_call_output'
  call_id: string
  output: string | readonly InputPart[]
}

export type InputPart = InputText | InputImage | InputFile

export interface InputText {
  type: 'input_text'
  text: string
}

export interface InputImage {
  type: 'input_image'
  image_url: string
  detail: 'auto'
}

export interface InputFile {
  type: 'input_file'
  filename?: string
  file_data?: string
  file_url?: string
}

export interface TextOptions {
  format: JsonFormat | undefined
  verbosity: 'low' | 'medium' | 'high' | undefined
}

export type ResponsesTool = FunctionTool | WebSearchTool

/** Flat; chat completions nest the function under `function`. */
export interface FunctionTool {
  type: 'function'
  name: string
  description: string | undefined
  parameters: JsonSchema
  /** Always sent: the default here is true, and OpenAI then changes the schema. */
  strict: boolean
}

export interface WebSearchTool {
  type: 'web_search'
  search_context_size: WebSearch['contextSize']
  user_location: ({ type: 'approximate' } & NonNullable<WebSearch['location']>) | undefined
}

export type ResponsesToolChoice = 'auto' | 'none' | 'required' | { type: 'function'; name: string }

/** What is read of a complete response. Its output is read item by item. */
export const ResponseObject = v.object({
  output: v.array(v.unknown()),
  status: lenient(v.string()),
  incomplete_details: lenient(v.object({ reason: lenient(v.string()) })),
  usage: v.optional(v.unknown()),
  service_tier: lenient(v.string()),
  created_at: lenient(Numeric),
})

/** The members that describe the end of a response. */
export const ResponseEnd = v.object({
  status: ResponseObject.entries.status,
  incomplete_details: ResponseObject.entries.incomplete_details,
})
export type ResponseEnd = v.InferOutput<typeof ResponseEnd>

/** An output item. Members are checked before use. */
export interface WireItem {
  id?: unknown
  type?: unknown
  /** In messages and reasoning. */
  content?: unknown
  /** In reasoning. */
  summary?: unknown
  /** In tool calls. */
  call_id?: unknown
  name?: unknown
  arguments?: unknown
}

/** A part of a message or of reasoning. */
export interface WirePart {
  type?: unknown
  text?: unknown
  refusal?: unknown
  annotations?: unknown
  logprobs?: unknown
}

/** An event of a stream, discriminated by its type. */
export interface WireEvent {
  type?: unknown
  output_index?: unknown
  item_id?: unknown
  summary_index?: unknown
  content_index?: unknown
  /** A piece of the member that the type names. */
  delta?: unknown
  logprobs?: unknown
  annotation?: unknown
  item?: unknown
  /** The complete response. */
  response?: unknown
  error?: unknown
  message?: unknown
}
