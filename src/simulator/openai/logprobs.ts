interface TokenLogprob {
  token: string
  logprob: number
  bytes: readonly number[]
}

/** OpenAI's log probabilities of some tokens, made up but always the same; `null` when unwanted. */
export function chatLogprobs(
  tokens: readonly string[],
  alternatives: number | undefined,
): object | null {
  if (alternatives === undefined) return null
  const content = tokens.map((token) => ({
    ...logprobOf(token, 0),
    top_logprobs: Array.from({ length: alternatives }, (_, at) => logprobOf(token, at)),
  }))
  return { content, refusal: null }
}

/** The alternatives to a token are the token with a number. */
function logprobOf(token: string, at: number): TokenLogprob {
  const text = at === 0 ? token : `${token}~${at}`
  const bytes = [...new TextEncoder().encode(text)]
  return { token: text, logprob: -(token.length % 7) / 10 - at, bytes }
}
