import * as v from 'valibot'
import type { ReasoningEffort } from '../../../chat/levels.ts'
import type { JsonSchema, WebSearch } from '../../../chat/model.ts'
import { lenient, Numeric } from '../../json.ts'
import type { NamedSchema } from '../openai/json-format.ts'

/** Every field that is sent to `POST /openai/v1/chat/completions`, except `model`. */
export interface ChatCompletionsRequest {
  messages: readonly ChatMessage[]
  stream: true | undefined
  stream_options: { include_usage: true } | undefined
  max_tokens: number | undefined
  max_completion_tokens: number | undefined
  temperature: number | undefined
  top_p: number | undefined
  frequency_penalty: number | undefined
  presence_penalty: number | undefined
  stop: readonly string[] | undefined
  seed: number | undefined
  n: number | undefined
  logprobs: true | undefined
  top_logprobs: number | undefined
  logit_bias: Readonly<Record<string, number>> | undefined
  tools: readonly ChatTool[] | undefined
  tool_choice: ChatToolChoice | undefined
  parallel_tool_calls: boolean | undefined
  response_format: ChatResponseFormat | undefined
  reasoning_effort: ReasoningEffort | undefined
  verbosity: 'low' | 'medium' | 'high' | undefined
  prediction: { type: 'content'; content: string } | undefined
  web_search_options: ChatWebSearch | undefined
  metadata: Readonly<Record<string, string>> | undefined
  service_tier: 'auto' | 'default' | 'priority' | undefined
}

export type ChatMessage =
  | ChatInstruction
  | ChatUserMessage
  | ChatAssistantMessage
  | ChatToolMessage

export interface ChatInstruction {
  role: 'system' | 'developer'
  content: ChatText
  name: string | undefined
}

export interface ChatUserMessage {
  role: 'user'
  content: string | readonly ChatPart[]
  name: string | undefined
}

export interface ChatAssistantMessage {
  role: 'assistant'
  /** Absent when the message contains only tool calls. */
  content: ChatText | undefined
  tool_calls: readonly ChatToolCall[] | undefined
  name: string | undefined
}

export interface ChatToolMessage {
  role: 'tool'
  tool_call_id: string
  content: ChatText
}

/** A single text is a string: some vendors behind the endpoint do not support parts. */
export type ChatText = string | readonly ChatTextPart[]

export type ChatPart =
  | ChatTextPart
  | { type: 'image_url'; image_url: { url: string } }
  | { type: 'input_audio'; input_audio: { data: string; format: 'wav' | 'mp3' } }
  | { type: 'file'; file: { filename: string; file_data: string } }

export interface ChatTextPart {
  type: 'text'
  text: string
}

export interface ChatToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

export interface ChatTool {
  type: 'function'
  function: {
    name: string
    description: string | undefined
    parameters: JsonSchema
    strict: true | undefined
  }
}

export type ChatToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { type: 'function'; function: { name: string } }

export type ChatResponseFormat =
  | { type: 'json_object' }
  | { type: 'json_schema'; json_schema: NamedSchema }

export interface ChatWebSearch {
  search_context_size: WebSearch['contextSize']
  user_location:
    | { type: 'approximate'; approximate: NonNullable<WebSearch['location']> }
    | undefined
}

/** What is read of a complete response. Choices are read like those of a stream. */
export const ChatCompletion = v.object({
  choices: v.pipe(v.array(v.unknown()), v.nonEmpty()),
  usage: v.optional(v.unknown()),
  service_tier: lenient(v.string()),
  created: lenient(Numeric),
})

/** A choice, complete or one piece of a stream. Members are checked before use. */
export interface WireChoice {
  index?: unknown
  /** In a complete response. */
  message?: unknown
  /** In a stream. */
  delta?: unknown
  finish_reason?: unknown
  logprobs?: unknown
}

/** A message, complete or one piece of a stream. */
export interface WireMessage {
  content?: unknown
  /** OpenAI defines no field for reasoning: vendors use either name. */
  reasoning_content?: unknown
  reasoning?: unknown
  refusal?: unknown
  tool_calls?: unknown
  annotations?: unknown
}
