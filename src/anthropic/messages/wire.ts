import type { FinishReason } from '../../chat/model.ts'
import type { Toolset } from './toolsets.ts'

/** The identity of a reply, and what the client wants in it. */
export interface ReplyIdentity {
  /** `msg_` and a random id. */
  id: string
  /** The model's name as the client wrote it. */
  model: string
  /** The gateway's request id, for an error during the stream. */
  requestId: string
  /** Whether the reply includes thinking. */
  thinking: boolean
  /** The client's toolsets, whose calls name them. */
  toolsets?: readonly Toolset[]
}

/** Anthropic's response. Members without a counterpart are `null`, as in Anthropic's own responses. */
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
  /** For a member of a toolset. */
  toolset_name?: Toolset
  input: Readonly<Record<string, unknown>>
  caller: { type: 'direct' }
}

export type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal'

export interface StopDetails {
  type: 'refusal'
  category: null
  /** The model's text of the refusal, if any. */
  explanation: string | null
  fallback_credit_token: null
  fallback_has_prefill_claim: null
  recommended_model: null
}

/** Token counts; `null` for what OCI does not count. */
export interface UsageCounts {
  /** Without tokens read from a cache. */
  input_tokens: number
  cache_creation_input_tokens: number | null
  cache_read_input_tokens: number | null
  output_tokens: number
  output_tokens_details: { thinking_tokens: number } | null
  server_tool_use: null
  iterations: null
  fallback_credit: null
  /** USD; Anthropic has no such member. */
  cost?: number
}

export interface Usage extends UsageCounts {
  cache_creation: null
  inference_geo: null
  service_tier: 'standard' | 'priority' | null
  speed: null
}

/** The events that are written with `JSON.stringify()`. Content deltas are templates. */
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
 * The signature of every thinking block. The gateway does not check it, but clients only send back
 * blocks with a signature; with an empty one some of them turn the thinking into text.
 */
export const SIGNATURE = 'b2NpLWdlbmFpLWdhdGV3YXk='

/**
 * Anthropic's stop reasons. `stop_sequence` is never reported: OCI omits the sequence from the text,
 * and its models have no common value that distinguishes it from a natural end.
 */
export const STOP_REASONS: Readonly<Record<FinishReason, StopReason>> = {
  'stop': 'end_turn',
  'length': 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
}
