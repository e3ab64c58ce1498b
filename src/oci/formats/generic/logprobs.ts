import * as v from 'valibot'
import type { TokenLogprob } from '../../../chat/model.ts'
import { asObject, Numeric } from '../../json.ts'
import { Logprobs } from './wire.ts'

/** OpenAI's value for an unknown log probability. */
const UNKNOWN = -9999

/**
 * Decodes OCI's parallel lists into one entry per token, with up to `maxAlternatives` alternatives
 * in descending order of probability.
 */
export function decodeLogprobs(json: unknown, maxAlternatives = Infinity): readonly TokenLogprob[] {
  if (!('tokens' in asObject(json))) return []
  const { success, output } = v.safeParse(Logprobs, json)
  if (!success) return []
  return output.tokens.map((token, index) => ({
    token,
    logprob: output.tokenLogprobs?.[index] ?? UNKNOWN,
    top: alternatives(output.topLogprobs?.[index]).slice(0, maxAlternatives),
  }))
}

/** Sorted, because JavaScript orders keys such as "1" first. */
function alternatives(json: unknown): TokenLogprob['top'] {
  return Object.entries(asObject(json))
    .map(([token, value]) => ({ token, logprob: logprob(value) }))
    .toSorted((a, b) => b.logprob - a.logprob)
}

function logprob(value: unknown): number {
  const { success, output } = v.safeParse(Numeric, value)
  return success ? output : UNKNOWN
}
