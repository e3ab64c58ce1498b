import type { FinishReason } from '../../chat/model.ts'

/** What names an answer to its client, and what the client wants to see of it. */
export interface ReplyIdentity {
  /** `msg_` and an id of ours. */
  id: string
  /** The model's name as the client wrote it. */
  model: string
  /** The gateway's id of the request, for an error amid the stream. */
  requestId: string
  /** Whether thoughts are shown. */
  thinking: boolean
}

/** Anthropic's answer. What has no counterpart here is `null`, as Anthropic itself has it. */
export interface Message {
  id: string
  type: 'message'
  role: 'assistant'
  model: string
  content: ContentBlock[]
  stop_reason: StopReason | null
  stop_sequence: null
  stop_details: StopDetails | null
  usage: Usage
  container: null
  context_management: null
  diagnostics: null
}

export type ContentBlock = ThinkingBlock | TextBlock | ToolUseBlock

export interface ThinkingBlock {
  type: 'thinking'
  thinking: string
  signature: string
}

export interface TextBlock {
  type: 'text'
  text: string
  citations: null
}

export interface ToolUseBlock {
  type: 'tool_use'
  id: string
  name: string
  input: Readonly<Record<string, unknown>>
  caller: { type: 'direct' }
}

export type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal'

export interface StopDetails {
  type: 'refusal'
  category: null
  /** The model's own words, if it had any. */
  explanation: string | null
  fallback_credit_token: null
  fallback_has_prefill_claim: null
  recommended_model: null
}

/** Tokens; `null` is what nobody counted. */
export interface UsageCounts {
  /** Without those read from a cache. */
  input_tokens: number
  cache_creation_input_tokens: number | null
  cache_read_input_tokens: number | null
  output_tokens: number
  output_tokens_details: { thinking_tokens: number } | null
  server_tool_use: null
  iterations: null
  fallback_credit: null
}

export interface Usage extends UsageCounts {
  cache_creation: null
  inference_geo: null
  service_tier: 'standard' | 'priority' | null
  speed: null
}

/** The events that are written out as a whole; the deltas of content are templates. */
export type MessageEvent =
  | { type: 'message_start'; message: Message }
  | { type: 'content_block_start'; index: number; content_block: ContentBlock }
  | {
    type: 'message_delta'
    delta: {
      stop_reason: StopReason
      stop_sequence: null
      stop_details: StopDetails | null
      container: null
    }
    usage: UsageCounts
    context_management: null
  }

/**
 * Stands where Anthropic signs a thought. Nobody checks it here, but clients send back only what
 * has a signature: an empty one makes some of them turn the thought into text.
 */
export const SIGNATURE = 'b2NpLWdlbmFpLWdhdGV3YXk='

/**
 * Anthropic's words for why an answer ended. OCI tells a stop sequence from a natural end by no
 * word that all models use, and leaves it out of the text: `stop_sequence` would be a guess.
 */
export const STOP_REASONS: Readonly<Record<FinishReason, StopReason>> = {
  'stop': 'end_turn',
  'length': 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
}
