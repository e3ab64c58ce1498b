/** The simulator's tokens: words, each with the blanks before it. */
export function tokenize(text: string): readonly string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? (text === '' ? [] : [text])
}

export function countTokens(text: string): number {
  return tokenize(text).length
}

/** The first tokens of a text. */
export function firstTokens(text: string, count: number): string {
  return tokenize(text).slice(0, Math.max(0, count)).join('')
}
