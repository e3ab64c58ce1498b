import * as v from 'valibot'
import type { TokenLogprob } from '../../../chat/model.ts'
import { asList, lenient, Numeric } from '../../json.ts'

const Token = v.object({ token: v.string(), logprob: Numeric })
const RatedToken = v.object({ ...Token.entries, top_logprobs: lenient(v.array(lenient(Token))) })

/** Decodes OpenAI's list of tokens, each with up to `maxAlternatives` alternatives. */
export function decodeOpenAiLogprobs(
  json: unknown,
  maxAlternatives = Infinity,
): readonly TokenLogprob[] {
  return asList(json).flatMap((element): readonly TokenLogprob[] => {
    const { success, output } = v.safeParse(RatedToken, element)
    if (!success) return []
    const { token, logprob, top_logprobs: top = [] } = output
    return [{ token, logprob, top: top.flatMap((one) => one ?? []).slice(0, maxAlternatives) }]
  })
}
