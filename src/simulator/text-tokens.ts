/** Splits a text into the simulator's tokens: words, each with the whitespace before it. */
export function tokenize(text: string): readonly string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? (text === '' ? [] : [text])
}

/** Counts the tokens of a text. */
export function countTokens(text: string): number {
  return tokenize(text).length
}

/** Returns the first tokens of a text. */
export function firstTokens(text: string, count: number): string {
  return tokenize(text).slice(0, Math.max(0, count)).join('')
}

/** Splits tool call arguments as models stream them: a few characters at a time. */
export function splitArguments(json: string): readonly string[] {
  return json.match(/[^]{1,9}/gu) ?? []
}

/** A made-up, deterministic log probability of a token. */
export function logprobOf(token: string): number {
  return -(token.length % 7) / 10
}
