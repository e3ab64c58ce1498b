/**
 * Words, with the parts of camel case as separate words; numbers; unspaced scripts; other letters;
 * whitespace; signs. A single space belongs to the word after it and is skipped.
 */
const PIECES = new RegExp(
  [
    '[A-Z]?[a-z]+|[A-Z]+(?![a-z])',
    '\\d+',
    '\\p{sc=Han}+',
    '[\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}ー]+',
    '[\\p{L}\\p{M}]+',
    '(?! \\S)\\s+',
    '[^\\s\\p{L}\\p{M}\\d]+',
  ].join('|'),
  'gu',
)
const HAN = /^\p{sc=Han}/u
const SYLLABLES = /^[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}ー]/u
const LETTERS = /^[\p{L}\p{M}]/u

/** The count of a longer text is extrapolated from its beginning, in UTF-16 units. */
const SAMPLE_LENGTH = 200_000

/**
 * Estimates the tokens of a text without a model's vocabulary. Measured on texts of 300 to 300,000
 * characters: within 15 % of the vocabularies of GPT-4o, its successors and Llama 3 for English,
 * code, JSON, Chinese, Japanese, Korean, French and Russian; for Llama 3 up to 23 % too low for
 * German and 25 % for Polish. Tables drawn with signs are overestimated.
 */
export function estimateTokens(text: string): number {
  const sample = text.slice(0, SAMPLE_LENGTH)
  const pieces: readonly string[] = sample.match(PIECES) ?? []
  const tokens = pieces.reduce((sum, piece) => sum + tokensOf(piece), 0)
  return tokens * (text.length / Math.max(1, sample.length))
}

/** The coefficients are fitted by least squares to texts of all these kinds. */
function tokensOf(piece: string): number {
  const first = piece.charCodeAt(0)
  const { length } = piece
  if (isLetter(first)) return 0.95 + 0.2 * Math.max(0, length - 6)
  if (isDigit(first)) return 1.6 * Math.ceil(length / 3)
  if (first <= 0x20) return 0.7
  if (first >= 0x80) {
    if (HAN.test(piece)) return 0.8 * length
    if (SYLLABLES.test(piece)) return 0.7 * length
    if (LETTERS.test(piece)) return 1.6 + 0.3 * Math.max(0, length - 8)
  }
  return 0.85 + 0.1 * (length - 1)
}

function isLetter(code: number): boolean {
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
