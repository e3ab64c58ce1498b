/** Names of tools, as OCI takes them and as the client knows them. */
export interface ToolNames {
  encode(name: string): string
  decode(name: string): string
}

/** Which names a format takes, and what must be replaced in any other one. */
export interface NameRule {
  safe: RegExp
  unsafe: RegExp
}

const MAX_LENGTH = 64
/** UTF-16 units of a name that can appear in its safe name; the rest is in the hash alone. */
const READ_LENGTH = 2 * MAX_LENGTH
const PLAIN_NAMES: NameRule = {
  safe: /^[A-Za-z0-9_-]{1,64}$/,
  unsafe: /[^A-Za-z0-9_-]/gu,
}
/** No dashes, and no digit first. */
export const PYTHON_NAMES: NameRule = {
  safe: /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
  unsafe: /^(?=\d)|[^A-Za-z0-9_]/gu,
}

/**
 * Safe names for the tools of a request. A name gets the same safe name in every request; a name
 * that occurs in the history alone is learnt when it is first encoded.
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
    // A made-up name keeps its meaning, even when the history also calls a tool by it.
    if (!originals.has(safe)) originals.set(safe, name)
    return safe
  }
  // Sorted, so that even names that clash get the same ones whatever their order.
  names.filter((name) => !safeNames.has(name)).toSorted().forEach(encode)
  return { encode, decode: (name) => originals.get(name) ?? name }
}

/**
 * Makes safe names that are not `taken`. Clients can construct any number of names with one hash:
 * each name is hashed once, and each suffix of a clash is tried once.
 */
function createNameFinder(
  rule: NameRule,
  taken: ReadonlyMap<string, string>,
): (name: string) => string {
  /** The suffix tried last for the names that share a readable part and a hash. */
  const clashes = new Map<string, number>()
  return (name) => {
    const readable = readablePart(name, rule)
    const sum = hash(name)
    const first = withSuffix(readable, sum)
    if (!taken.has(first)) return first
    for (let clash = (clashes.get(first) ?? 0) + 1;; clash++) {
      const safe = withSuffix(readable, scatter(sum, clash))
      if (taken.has(safe)) continue
      clashes.set(first, clash)
      return safe
    }
  }
}

function readablePart(name: string, { unsafe }: NameRule): string {
  return name.slice(0, READ_LENGTH).replaceAll(unsafe, '_') || 'tool'
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

/** The suffixes after the first, spread so that those of neighbouring hashes differ (MurmurHash3). */
function scatter(sum: number, clash: number): number {
  let mixed = sum ^ Math.imul(clash, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
