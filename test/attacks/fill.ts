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

const STAGES = 18
let blocks: readonly (readonly [string, string])[] | undefined

/**
 * Names of one FNV-1a hash (32 bits, over UTF-16 code units) and one long beginning, so that a table
 * that tells names apart by beginning and hash finds all of them equal, whatever is appended.
 */
export function sameHash(index: number): string {
  blocks ??= findBlocks()
  const chosen = blocks.map((pair, stage) => pair[(index >> stage) & 1])
  return `${BEGINNING}${chosen.join('')}`
}

const BEGINNING = 'a'.repeat(64)

/** For each stage two blocks that lead from one state of the hash to the same next one. */
function findBlocks(): readonly (readonly [string, string])[] {
  const found: [string, string][] = []
  let state = addToHash(0x811c9dc5, BEGINNING)
  while (found.length < STAGES) {
    const seen = new Map<number, string>()
    for (let number = 0;; number++) {
      const block = number.toString(36).padStart(4, '0')
      const next = addToHash(state, block)
      const other = seen.get(next)
      seen.set(next, block)
      if (other === undefined) continue
      found.push([other, block])
      state = next
      break
    }
  }
  return found
}

function addToHash(state: number, text: string): number {
  let sum = state
  for (let index = 0; index < text.length; index++) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
  }
  return sum >>> 0
}
