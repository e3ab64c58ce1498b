import type { CohereLimits } from '../cohere/limit-rules.ts'
import type { CohereResponseFormat } from '../cohere/request.ts'

/** The members of a COHEREV2 chat request that the simulator reads. */
export interface Cohere2ChatRequest extends CohereLimits {
  messages: readonly Cohere2Message[]
  documents?: readonly unknown[]
  citationOptions?: { mode?: 'FAST' | 'ACCURATE' | 'OFF' }
  toolsChoice?: 'REQUIRED' | 'NONE'
  tools?: readonly Cohere2Tool[]
  isLogProbsEnabled?: boolean
  thinking?: { type: 'ENABLED' | 'DISABLED'; tokenBudget?: number }
  responseFormat?: CohereResponseFormat
  isStream?: boolean
  streamOptions?: { isIncludeUsage?: boolean }
  stopSequences?: readonly string[]
}

export interface Cohere2Message {
  role: 'SYSTEM' | 'USER' | 'ASSISTANT' | 'TOOL'
  content: readonly Cohere2Part[]
  toolPlan?: string
  toolCalls?: readonly Cohere2ToolCall[]
  toolCallId?: string
}

export interface Cohere2Part {
  type: 'TEXT' | 'IMAGE_URL' | 'DOCUMENT' | 'THINKING'
  text?: string
  imageUrl?: { url: string; detail?: string }
  document?: unknown
  thinking?: string
}

/** The SDK declares `function` as any value. */
export interface Cohere2ToolCall {
  id?: string
  type?: 'FUNCTION'
  function?: unknown
}

export interface Cohere2Tool {
  type: 'FUNCTION'
  function: { name: string; description?: string; parameters: unknown }
}

/** The function of a tool call, if it is valid; its arguments are JSON as text. */
export function functionOf(
  { function: called }: Cohere2ToolCall,
): { name: string; arguments: string } | undefined {
  if (typeof called !== 'object' || called === null) return undefined
  const { name, arguments: json } = { name: undefined, arguments: undefined, ...called }
  if (typeof name !== 'string' || typeof json !== 'string') return undefined
  return { name, arguments: json }
}
