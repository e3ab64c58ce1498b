/** The number of words that contribute to a vector; more would not distinguish texts better. */
const MAX_WORDS = 64

/** A deterministic unit vector of a text. Texts with more words in common have closer vectors. */
export function vectorOf(text: string, dimensions: number): readonly number[] {
  const words = text.toLowerCase().match(/[\p{L}\d]+/gu)?.slice(0, MAX_WORDS) ?? []
  const sum = new Float64Array(dimensions)
  addNoise(sum, `whole ${text}`, 0.1)
  for (const word of words) addNoise(sum, word, 1)
  const length = Math.hypot(...sum)
  return Array.from(sum, (value) => Math.round(value / length * 1e8) / 1e8)
}

/** Adds a word's pseudo-random numbers. */
function addNoise(sum: Float64Array, word: string, weight: number): void {
  let state = hashOf(word)
  for (let at = 0; at < sum.length; at++) {
    state = next(state)
    sum[at] = (sum[at] ?? 0) + weight * (state / 0x80000000 - 1)
  }
}

/** FNV-1a, 32 bits; never 0, because xorshift maps 0 to 0. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return (hash >>> 0) || 1
}

/** Marsaglia's xorshift, 32 bits. */
function next(state: number): number {
  const first = state ^ (state << 13)
  const second = first ^ (first >>> 17)
  return (second ^ (second << 5)) >>> 0
}
