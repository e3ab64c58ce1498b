import * as v from 'valibot'
import type { Document, JsonSchema } from '../../../chat/model.ts'
import { lenient, Numeric } from '../../json.ts'

/** Every field that is sent in the COHERE format: OCI answers 400 to an unknown one. */
export interface CohereChatRequest extends CohereSampling {
  apiFormat: 'COHERE'
  /** The user's last message; empty when the model continues from tool results. */
  message: string
  chatHistory: readonly CohereTurn[] | undefined
  preambleOverride: string | undefined
  documents: readonly Document[] | undefined
  tools: readonly CohereTool[] | undefined
  toolResults: readonly CohereToolResult[] | undefined
  isForceSingleStep?: boolean | undefined
}

/** The fields that both Cohere formats share. */
export interface CohereSampling {
  isStream: boolean | undefined
  streamOptions: { isIncludeUsage: boolean } | undefined
  maxTokens: number
  /** From 0 to 1. */
  temperature: number | undefined
  topP: number | undefined
  /** From 0, which disables it, to 500. */
  topK: number | undefined
  /** From 0 to 1, like the other penalty. */
  frequencyPenalty: number | undefined
  presencePenalty: number | undefined
  seed: number | undefined
  stopSequences: readonly string[] | undefined
  responseFormat: CohereResponseFormat | undefined
}

/** A schema has no type of its own: it accompanies JSON mode. */
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

/** A call has no id: its name and parameters identify it. */
export interface CohereToolCall {
  name: string
  parameters: JsonSchema
}

export interface CohereToolResult {
  call: CohereToolCall
  outputs: readonly JsonSchema[]
}

export interface CohereTool {
  /** Letters, digits and `_`, no leading digit. */
  name: string
  description: string
  parameterDefinitions: Readonly<Record<string, CohereParameter>> | undefined
}

export interface CohereParameter {
  type: PythonType
  description: string | undefined
  isRequired: boolean
}

/** OCI is known to answer 500 to `List` without an item type. */
export type PythonType = 'str' | 'int' | 'float' | 'bool' | 'list' | 'dict'

/** A complete response. */
export const CohereChatResult = v.object({
  chatResponse: v.union([
    v.looseObject({ text: v.string() }),
    v.looseObject({ finishReason: v.string() }),
  ]),
})

/** A reply, complete or one piece of a stream. Members are checked before use. */
export interface WireReply {
  text?: unknown
  toolCalls?: unknown
  /** In a stream, present in events that repeat the complete reply. */
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

/** The ids are absent when a tool result is cited. */
export const Citation = v.object({
  start: lenient(Numeric),
  end: lenient(Numeric),
  documentIds: lenient(v.array(v.string())),
})

/** A document of the request, returned by OCI. */
export const CitedDocument = v.object({
  id: lenient(v.string()),
  title: lenient(v.string()),
  url: lenient(v.string()),
})
