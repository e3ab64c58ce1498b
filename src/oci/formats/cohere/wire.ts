import * as v from 'valibot'
import type { Document, JsonSchema } from '../../../chat/model.ts'
import { lenient, Numeric } from '../../json.ts'

/** All we ever send in the COHERE format: OCI answers 400 to a key it does not know. */
export interface CohereChatRequest extends CohereSampling {
  apiFormat: 'COHERE'
  /** What the user says last; empty where tool results are what the model is to go on from. */
  message: string
  chatHistory: readonly CohereTurn[] | undefined
  preambleOverride: string | undefined
  documents: readonly Document[] | undefined
  tools: readonly CohereTool[] | undefined
  toolResults: readonly CohereToolResult[] | undefined
}

/** The members that both of Cohere's formats have. */
export interface CohereSampling {
  isStream: boolean | undefined
  streamOptions: { isIncludeUsage: boolean } | undefined
  maxTokens: number
  /** From 0 to 1. */
  temperature: number | undefined
  topP: number | undefined
  /** From 0, which is off, to 500. */
  topK: number | undefined
  /** From 0 to 1, as the other penalty. */
  frequencyPenalty: number | undefined
  presencePenalty: number | undefined
  seed: number | undefined
  stopSequences: readonly string[] | undefined
  responseFormat: CohereResponseFormat | undefined
}

/** There is no type for a schema: it goes along with the bare JSON mode. */
export interface CohereResponseFormat {
  type: 'JSON_OBJECT'
  schema: JsonSchema | undefined
}

export type CohereTurn = UserTurn | ChatBotTurn | ToolTurn

export interface UserTurn {
  role: 'USER'
  message: string
}

export interface ChatBotTurn {
  role: 'CHATBOT'
  message: string
  toolCalls: readonly CohereToolCall[] | undefined
}

export interface ToolTurn {
  role: 'TOOL'
  toolResults: readonly CohereToolResult[]
}

/** A call has no id: its name and parameters are all there is to know it by. */
export interface CohereToolCall {
  name: string
  parameters: JsonSchema
}

export interface CohereToolResult {
  call: CohereToolCall
  outputs: readonly JsonSchema[]
}

export interface CohereTool {
  /** Letters, digits and `_`, no digit first. */
  name: string
  description: string
  parameterDefinitions: Readonly<Record<string, CohereParameter>> | undefined
}

export interface CohereParameter {
  type: PythonType
  description: string | undefined
  isRequired: boolean
}

/** OCI is known to answer 500 to a bare `List`. */
export type PythonType = 'str' | 'int' | 'float' | 'bool' | 'list' | 'dict'

/** A whole answer. */
export const CohereChatResult = v.object({
  chatResponse: v.union([
    v.looseObject({ text: v.string() }),
    v.looseObject({ finishReason: v.string() }),
  ]),
})

/** An answer, whole or a piece of it: what we look at, believed only when checked. */
export interface WireReply {
  text?: unknown
  toolCalls?: unknown
  /** Comes with what a stream says for the last time. */
  chatHistory?: unknown
  citations?: unknown
  documents?: unknown
  finishReason?: unknown
  errorMessage?: unknown
  usage?: unknown
}

export interface WireToolCall {
  name?: unknown
  parameters?: unknown
}

/** The ids are missing where it is a tool's result that is cited. */
export const Citation = v.object({
  start: lenient(Numeric),
  end: lenient(Numeric),
  documentIds: lenient(v.array(v.string())),
})

/** A document of the request's, said back. */
export const CitedDocument = v.object({
  id: lenient(v.string()),
  title: lenient(v.string()),
  url: lenient(v.string()),
})
