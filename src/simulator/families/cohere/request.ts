import type { CohereLimits } from './limit-rules.ts'

/** The members of a COHERE chat request that the simulator reads. */
export interface CohereChatRequest extends CohereLimits {
  message: string
  chatHistory?: readonly CohereTurn[]
  preambleOverride?: string
  documents?: readonly unknown[]
  responseFormat?: CohereResponseFormat
  isStream?: boolean
  streamOptions?: { isIncludeUsage?: boolean }
  isEcho?: boolean
  tools?: readonly CohereTool[]
  toolResults?: readonly CohereToolResult[]
  isForceSingleStep?: boolean
  stopSequences?: readonly string[]
}

/** The response format of both of Cohere's formats. */
export interface CohereResponseFormat {
  type: 'TEXT' | 'JSON_OBJECT'
  schema?: unknown
}

/** An entry of the history. */
export type CohereTurn =
  | { role: 'USER' | 'SYSTEM'; message: string }
  | CohereChatBotTurn
  | { role: 'TOOL'; toolResults: readonly CohereToolResult[] }

export interface CohereChatBotTurn {
  role: 'CHATBOT'
  message?: string
  toolCalls?: readonly CohereToolCall[]
}

/** A tool call has no id; its name and parameters identify it. */
export interface CohereToolCall {
  name: string
  parameters: unknown
}

export interface CohereToolResult {
  call: CohereToolCall
  outputs: readonly unknown[]
}

export interface CohereTool {
  name: string
  description: string
  parameterDefinitions?: Readonly<Record<string, CohereParameter>>
}

export interface CohereParameter {
  type: string
  description?: string
  isRequired?: boolean
}
