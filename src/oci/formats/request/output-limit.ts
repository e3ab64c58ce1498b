import type { ChatRequest } from '../../../chat/model.ts'
import { asciiName } from './parameters.ts'
import type { ModelProfile } from '../../models/profiles.ts'

export interface OutputLimit {
  tokens: number
  warnings: readonly string[]
}

/** Always some limit: without one OCI stops some models after about 20 tokens. */
export function outputLimit(
  request: ChatRequest,
  { maxOutputTokens: most, defaultOutputTokens }: ModelProfile,
): OutputLimit {
  const asked = request.outputLimit
  if (asked === undefined || most === undefined || asked <= most) {
    return { tokens: asked ?? defaultOutputTokens, warnings: [] }
  }
  const model = asciiName(request)
  return { tokens: most, warnings: [`max_tokens: ${asked} lowered to ${most}, all ${model} gives`] }
}
