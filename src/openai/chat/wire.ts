import type { FinishReason } from '../../chat/model.ts'

/** What names an answer to its client: the same in every chunk. */
export interface ReplyIdentity {
  /** `chatcmpl-` and an id of ours. */
  id: string
  /** Seconds since the epoch. */
  created: number
  /** The model's name as the client wrote it. */
  model: string
}

/** OpenAI's words for why an answer ended. */
export const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  'stop': 'stop',
  'length': 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
}

const SERVICE_TIERS = ['auto', 'default', 'flex', 'scale', 'priority'] as const
export type ServiceTier = (typeof SERVICE_TIERS)[number]

/** OpenAI's word for how a request was served; what it has no word for is not told. */
export function encodeServiceTier(tier: string | undefined): ServiceTier | undefined {
  return SERVICE_TIERS.find((known) => known === tier)
}
