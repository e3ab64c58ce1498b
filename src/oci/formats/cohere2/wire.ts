import * as v from 'valibot'
import type { Document, JsonSchema } from '../../../chat/model.ts'
import type { CohereSampling } from '../cohere/wire.ts'
import { lenient, Numeric } from '../../json.ts'
import type { WireMessage } from '../response/read-message.ts'

/** Every field that is sent in the COHEREV2 format: OCI answers 400 to an unknown one. */
export interface Cohere2ChatRequest extends CohereSampling {
  apiFormat: 'COHEREV2'
  messages: readonly Cohere2Message[]
  documents: readonly Document[] | undefined
  tools: readonly Cohere2Tool[] | undefined
  /** Spelled with an s. The model chooses when absent. */
  toolsChoice: 'REQUIRED' | 'NONE' | undefined
  isStrictToolsEnabled: boolean | undefined
  isLogProbsEnabled: boolean | undefined
  thinking: { type: 'ENABLED' | 'DISABLED' } | undefined
}

export type Cohere2Message = TextMessage | AssistantMessage | ToolMessage

export interface TextMessage {
  role: 'SYSTEM' | 'USER'
  content: readonly Cohere2Content[]
}

export interface AssistantMessage {
  role: 'ASSISTANT'
  content: readonly Cohere2Content[]
  /** The text before the tool calls. */
  toolPlan: string | undefined
  toolCalls: readonly Cohere2ToolCall[] | undefined
}

export interface ToolMessage {
  role: 'TOOL'
  toolCallId: string
  content: readonly Cohere2Content[]
}

export type Cohere2Content =
  | TextContent
  | { type: 'IMAGE_URL'; imageUrl: { url: string } }
  | { type: 'DOCUMENT'; document: Document }

export interface TextContent {
  type: 'TEXT'
  text: string
}

/** Nested, as in OpenAI's API. */
export interface Cohere2ToolCall {
  id: string
  type: 'FUNCTION'
  function: { name: string; arguments: string }
}

export interface Cohere2Tool {
  type: 'FUNCTION'
  function: Cohere2Function
}

export interface Cohere2Function {
  name: string
  description: string | undefined
  parameters: JsonSchema
}

/** A complete response. Its message is read like the pieces of a stream. */
export const Cohere2ChatResult = v.object({
  chatResponse: v.looseObject({ message: v.looseObject({}) }),
})

/** A reply, complete or one piece of a stream. Members are checked before use. */
export interface WireReply {
  message?: unknown
  finishReason?: unknown
  logProbabilities?: unknown
  errorMessage?: unknown
  usage?: unknown
}

export interface Cohere2WireMessage extends WireMessage {
  toolPlan?: unknown
  citations?: unknown
}

/** The passage may also be in the reasoning or in the plan. */
export const Citation = v.object({
  start: lenient(Numeric),
  end: lenient(Numeric),
  type: lenient(v.string()),
  sources: lenient(v.array(v.object({
    tool: lenient(v.object({ id: lenient(v.string()) })),
    document: lenient(v.object({ id: lenient(v.string()), document: v.optional(v.unknown()) })),
  }))),
})

/** A text may consist of several tokens. */
export const LogProbability = v.object({
  text: v.string(),
  logProbabilities: v.array(Numeric),
})
