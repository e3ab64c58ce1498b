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
  const encode = (name: string): string => {
    const known = safeNames.get(name)
    if (known !== undefined) return known
    const safe = isSafe.test(name) ? name : toFreeName(name, rule, originals)
    safeNames.set(name, safe)
    // A made-up name keeps its meaning, even when the history also calls a tool by it.
    if (!originals.has(safe)) originals.set(safe, name)
    return safe
  }
  // Sorted, so that even names that clash get the same ones whatever their order.
  names.filter((name) => !safeNames.has(name)).toSorted().forEach(encode)
  return { encode, decode: (name) => originals.get(name) ?? name }
}

function toFreeName(name: string, rule: NameRule, taken: ReadonlyMap<string, string>): string {
  for (let salt = '';; salt += '.') {
    const safe = toSafeName(name, rule, salt)
    if (!taken.has(safe)) return safe
  }
}

function toSafeName(name: string, { unsafe }: NameRule, salt: string): string {
  const suffix = `_${hash(name + salt)}`
  const readable = name.replaceAll(unsafe, '_') || 'tool'
  return readable.slice(0, MAX_LENGTH - suffix.length) + suffix
}

/** FNV-1a over UTF-16 code units, 32 bits, as 7 letters and digits. */
function hash(text: string): string {
  let sum = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
  }
  return (sum >>> 0).toString(36).padStart(7, '0')
}
