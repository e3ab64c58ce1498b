import type { FinishReason } from '../../chat/model.ts'

/** The identity of a reply, the same in every chunk. */
export interface ReplyIdentity {
  /** `chatcmpl-` and a random id. */
  id: string
  /** Seconds since the epoch. */
  created: number
  /** The model's name as the client wrote it. */
  model: string
}

/** OpenAI's finish reasons. */
export const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  'stop': 'stop',
  'length': 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
}

const SERVICE_TIERS = ['auto', 'default', 'flex', 'scale', 'priority'] as const
export type ServiceTier = (typeof SERVICE_TIERS)[number]

/** Returns OpenAI's service tier, or `undefined` for a tier that OpenAI does not have. */
export function encodeServiceTier(tier: string | undefined): ServiceTier | undefined {
  return SERVICE_TIERS.find((known) => known === tier)
}
