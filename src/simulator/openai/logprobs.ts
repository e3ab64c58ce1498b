import { logprobOf } from '../text-tokens.ts'

interface TokenLogprob {
  token: string
  logprob: number
  bytes: readonly number[]
}

/** OpenAI's log probabilities of some tokens, made up and deterministic; `null` if not requested. */
export function chatLogprobs(
  tokens: readonly string[],
  alternatives: number | undefined,
): object | null {
  if (alternatives === undefined) return null
  const content = tokens.map((token) => ({
    ...alternativeTo(token, 0),
    top_logprobs: Array.from({ length: alternatives }, (_, at) => alternativeTo(token, at)),
  }))
  return { content, refusal: null }
}

/** The alternatives to a token are the token with a number appended. */
function alternativeTo(token: string, at: number): TokenLogprob {
  const text = at === 0 ? token : `${token}~${at}`
  const bytes = [...new TextEncoder().encode(text)]
  return { token: text, logprob: logprobOf(token) - at, bytes }
}
