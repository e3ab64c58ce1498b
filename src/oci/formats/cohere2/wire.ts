import * as v from 'valibot'
import type { Document, JsonSchema } from '../../../chat/model.ts'
import type { CohereSampling } from '../cohere/wire.ts'
import { lenient, Numeric } from '../../json.ts'
import type { WireMessage } from '../response/read-message.ts'

/** All we ever send in the COHEREV2 format: OCI answers 400 to a key it does not know. */
export interface Cohere2ChatRequest extends CohereSampling {
  apiFormat: 'COHEREV2'
  messages: readonly Cohere2Message[]
  documents: readonly Document[] | undefined
  tools: readonly Cohere2Tool[] | undefined
  /** Spelled with an s. Absent, the model is free to choose. */
  toolsChoice: 'REQUIRED' | 'NONE' | undefined
  isStrictToolsEnabled: boolean | undefined
  isLogProbsEnabled: boolean | undefined
  thinking: { type: 'ENABLED' | 'DISABLED' } | undefined
}

export type Cohere2Message = SpokenMessage | AssistantMessage | ToolMessage

export interface SpokenMessage {
  role: 'SYSTEM' | 'USER'
  content: readonly Cohere2Content[]
}

export interface AssistantMessage {
  role: 'ASSISTANT'
  content: readonly Cohere2Content[]
  /** What the model said it would do with its tools. */
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

/** Nested, as OpenAI has it. */
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

/** A whole answer; its message is read as the pieces of a stream are. */
export const Cohere2ChatResult = v.object({
  chatResponse: v.looseObject({ message: v.looseObject({}) }),
})

/** An answer, whole or a piece of it: what we look at, believed only when checked. */
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

/** The passage may also be one of the thoughts or of the plan. */
export const Citation = v.object({
  start: lenient(Numeric),
  end: lenient(Numeric),
  type: lenient(v.string()),
  sources: lenient(v.array(v.object({
    tool: lenient(v.object({ id: lenient(v.string()) })),
    document: lenient(v.object({ id: lenient(v.string()), document: v.optional(v.unknown()) })),
  }))),
})

/** Several tokens may make one piece of text. */
export const LogProbability = v.object({
  text: v.string(),
  logProbabilities: v.array(Numeric),
})
