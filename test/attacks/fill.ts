/** As many values as fill about `bytes` bytes of JSON. */
export function many<T>(bytes: number, make: (index: number) => T): T[] {
  // An index with a typical number of digits.
  const size = JSON.stringify(make(100_000)).length + 1
  return Array.from({ length: Math.max(1, Math.floor(bytes / size)) }, (_, index) => make(index))
}

/** As `many`, but the members of an object. */
export function members(
  bytes: number,
  make: (index: number) => readonly [name: string, value: unknown],
): Record<string, unknown> {
  return Object.fromEntries(many(bytes, make))
}

/** A text of about `bytes` bytes of JSON that repeats a pattern. */
export function text(bytes: number, pattern: string): string {
  const size = JSON.stringify(pattern).length - 2
  return pattern.repeat(Math.max(1, Math.floor(bytes / size)))
}

/** Different texts that are equal after all special characters are replaced by `_`. */
export function colliding(index: number): string {
  const characters = '.:/@ '
  const digits = index.toString(characters.length).padStart(9, '0')
  return [...digits].map((digit) => characters[Number(digit)]).join('')
}

/** Texts on which a careless regular expression, scan or escape takes long. */
export const PATTERNS: Readonly<Record<string, string>> = {
  letters: 'a',
  underscores: '_',
  backslashes: '\\',
  quotes: '"',
  surrogates: '\ud83d',
  controls: '\u0000',
  newlines: '\r\n',
  blanks: ' ',
  'tool-call-tags': '<tool_call>',
  'half-tags': '<tool_',
  braces: '{"a":',
  'data-urls': 'data:image/png;base64,',
}

const BEGINNING = 'a'.repeat(64)
/** Both blocks of a pair lead to the same hash state, so pairs combine freely. */
const BLOCKS = [
  ['zrbciha', '_k063vb'],
  ['zj0c32z', 'zpjnmh9'],
  ['zjaegsy', '_2w9rei'],
  ['z8un9ma', 'ztvcx3r'],
  ['zl5qbw8', '_bdgid6'],
  ['z4w9yqy', 'zv2hwz2'],
  ['z9r46dg', 'zya7iia'],
  ['_pkw0wl', 'z_9bdfn'],
  ['z5gh8jv', 'zkw9nkf'],
  ['zs5oyjd', 'zh86arg'],
  ['_fux8s0', 'zhw9mpz'],
  ['z6twc5q', 'zonzhn5'],
  ['z2jcoou', '_t68pst'],
  ['_m36b3m', '_cnfybf'],
  ['_3uptyl', 'zt9pn9n'],
  ['_vo0vk0', 'z8s3x56'],
  ['_6bac0p', 'zm8s731'],
  ['zufykv7', 'zifu7hq'],
] as const

/**
 * Names with the same FNV-1a hash (32 bits, over UTF-16 code units) and the same long prefix. A table
 * that distinguishes names by prefix and hash finds all of them equal.
 */
export function sameHash(index: number): string {
  return BEGINNING + BLOCKS.map((pair, stage) => pair[((index >> stage) & 1) as 0 | 1]).join('')
}
