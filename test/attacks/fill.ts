/** As many values as make about so many bytes of JSON. */
export function many<T>(bytes: number, make: (index: number) => T): T[] {
  // An index with as many digits as most of them have.
  const size = JSON.stringify(make(100_000)).length + 1
  return Array.from({ length: Math.max(1, Math.floor(bytes / size)) }, (_, index) => make(index))
}

/** The same as the members of an object. */
export function members(
  bytes: number,
  make: (index: number) => readonly [name: string, value: unknown],
): Record<string, unknown> {
  return Object.fromEntries(many(bytes, make))
}

/** A text of about so many bytes of JSON that repeats a pattern. */
export function text(bytes: number, pattern: string): string {
  const size = JSON.stringify(pattern).length - 2
  return pattern.repeat(Math.max(1, Math.floor(bytes / size)))
}

/** Texts that differ, and are the same once their characters are replaced by `_`. */
export function colliding(index: number): string {
  const characters = '.:/@ '
  const digits = index.toString(characters.length).padStart(9, '0')
  return [...digits].map((digit) => characters[Number(digit)]).join('')
}

/** Texts on which a careless expression, scan or escape takes long. */
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
