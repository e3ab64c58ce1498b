import type { CohereResponseFormat } from './response-format.ts'

/** A Cohere chat request of the first version, as far as the simulator reads it. */
export interface CohereChatRequest {
  message: string
  chatHistory?: readonly CohereTurn[]
  preambleOverride?: string
  documents?: readonly unknown[]
  responseFormat?: CohereResponseFormat
  isStream?: boolean
  streamOptions?: { isIncludeUsage?: boolean }
  maxTokens?: number
  temperature?: number
  topK?: number
  topP?: number
  frequencyPenalty?: number
  presencePenalty?: number
  isEcho?: boolean
  tools?: readonly CohereTool[]
  toolResults?: readonly CohereToolResult[]
  isForceSingleStep?: boolean
  stopSequences?: readonly string[]
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

/** A call has no id: its name and parameters are all there is to know it by. */
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
