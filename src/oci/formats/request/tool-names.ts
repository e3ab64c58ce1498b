/** Maps tool names between the client and OCI. */
export interface ToolNames {
  encode(name: string): string
  decode(name: string): string
}

/** The names that a format allows, and the characters that are replaced in other names. */
export interface NameRule {
  safe: RegExp
  unsafe: RegExp
}

const MAX_LENGTH = 64
/** UTF-16 units of a name that can appear in its safe name; the rest only affects the hash. */
const READABLE_LENGTH = 2 * MAX_LENGTH
const PLAIN_NAMES: NameRule = {
  safe: /^[A-Za-z0-9_-]{1,64}$/,
  unsafe: /[^A-Za-z0-9_-]/gu,
}
/** Python identifiers: no dashes, no leading digit. */
export const PYTHON_NAMES: NameRule = {
  safe: /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
  unsafe: /^(?=\d)|[^A-Za-z0-9_]/gu,
}

/**
 * Creates safe names for the tools of a request. A name gets the same safe name in every request. A
 * name that occurs only in the history is added when it is first encoded.
 */
export function createToolNames(names: readonly string[], rule = PLAIN_NAMES): ToolNames {
  const { safe: isSafe } = rule
  const originals = new Map(names.filter((name) => isSafe.test(name)).map((name) => [name, name]))
  const safeNames = new Map(originals)
  const findFreeName = createNameFinder(rule, originals)
  const encode = (name: string): string => {
    const known = safeNames.get(name)
    if (known !== undefined) return known
    const safe = isSafe.test(name) ? name : findFreeName(name)
    safeNames.set(name, safe)
    // A generated name keeps its original, even when the history has a tool of that name.
    if (!originals.has(safe)) originals.set(safe, name)
    return safe
  }
  // Sorted, so that the result for colliding names does not depend on their order.
  names.filter((name) => !safeNames.has(name)).toSorted().forEach(encode)
  return { encode, decode: (name) => originals.get(name) ?? name }
}

/**
 * Creates safe names that are not `taken`. Clients can construct any number of names with the same
 * hash: each name is hashed once, and each suffix for a collision is tried once.
 */
function createNameFinder(
  rule: NameRule,
  taken: ReadonlyMap<string, string>,
): (name: string) => string {
  /** The number of suffixes tried for the names that share a readable part and a hash. */
  const collisions = new Map<string, number>()
  return (name) => {
    const readable = readablePart(name, rule)
    const sum = hash(name)
    const first = withSuffix(readable, sum)
    if (!taken.has(first)) return first
    for (let collision = (collisions.get(first) ?? 0) + 1;; collision++) {
      const safe = withSuffix(readable, scatter(sum, collision))
      if (taken.has(safe)) continue
      collisions.set(first, collision)
      return safe
    }
  }
}

function readablePart(name: string, { unsafe }: NameRule): string {
  return name.slice(0, READABLE_LENGTH).replaceAll(unsafe, '_') || 'tool'
}

function withSuffix(readable: string, sum: number): string {
  const suffix = `_${sum.toString(36).padStart(7, '0')}`
  return readable.slice(0, MAX_LENGTH - suffix.length) + suffix
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
  }
  return sum >>> 0
}

/** Hashes further suffixes so that those of adjacent hashes differ (MurmurHash3's finalizer). */
function scatter(sum: number, collision: number): number {
  let mixed = sum ^ Math.imul(collision, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
