import type { ChatRequest } from '../../../chat/model.ts'
import { asciiName } from './parameters.ts'
import type { ModelProfile } from '../../models/profiles.ts'

export interface OutputLimit {
  tokens: number
  warnings: readonly string[]
}

/**
 * Chooses the output limit, capped at the model's maximum. There always is one: without it OCI stops
 * some models after about 20 tokens.
 */
export function outputLimit(
  request: ChatRequest,
  { maxOutputTokens: max, defaultOutputTokens }: ModelProfile,
): OutputLimit {
  const requested = request.outputLimit
  if (requested === undefined || max === undefined || requested <= max) {
    return { tokens: requested ?? defaultOutputTokens, warnings: [] }
  }
  const warning = `max_tokens: ${requested} lowered to ${max}, the maximum of ${asciiName(request)}`
  return { tokens: max, warnings: [warning] }
}
