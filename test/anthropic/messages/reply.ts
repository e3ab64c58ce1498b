import type { ReplyIdentity } from '../../../src/anthropic/messages/wire.ts'

export const IDENTITY: ReplyIdentity = {
  id: 'msg_1',
  model: 'oci/m',
  requestId: 'request-1',
  thinking: true,
}

/** Missing usage. */
export const UNCOUNTED = {
  input_tokens: 0,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  output_tokens: 0,
  output_tokens_details: null,
  server_tool_use: null,
  iterations: null,
  fallback_credit: null,
}

/** The usage members that only a message has. */
export const UNSERVED = {
  cache_creation: null,
  inference_geo: null,
  service_tier: null,
  speed: null,
}

/** A refusal, with the model's text if there is one. */
export function refusal(explanation: string | null): object {
  return {
    type: 'refusal',
    category: null,
    explanation,
    fallback_credit_token: null,
    fallback_has_prefill_claim: null,
    recommended_model: null,
  }
}
