/** Names of tools, as OCI takes them and as the client knows them. */
export interface ToolNames {
  encode(name: string): string
  decode(name: string): string
}

const SAFE = /^[A-Za-z0-9_-]{1,64}$/
const MAX_LENGTH = 64

/**
 * Safe names for the tools of a request. A name gets the same safe name in every request; a name
 * that occurs in the history alone is learnt when it is first encoded.
 */
export function createToolNames(names: readonly string[]): ToolNames {
  const originals = new Map(names.filter((name) => SAFE.test(name)).map((name) => [name, name]))
  const safeNames = new Map(originals)
  const encode = (name: string): string => {
    const known = safeNames.get(name)
    if (known !== undefined) return known
    const safe = SAFE.test(name) ? name : toFreeName(name, originals)
    safeNames.set(name, safe)
    // A made-up name keeps its meaning, even when the history also calls a tool by it.
    if (!originals.has(safe)) originals.set(safe, name)
    return safe
  }
  // Sorted, so that even names that clash get the same ones whatever their order.
  names.filter((name) => !safeNames.has(name)).toSorted().forEach(encode)
  return { encode, decode: (name) => originals.get(name) ?? name }
}

function toFreeName(name: string, taken: ReadonlyMap<string, string>): string {
  for (let salt = '';; salt += '.') {
    const safe = toSafeName(name, salt)
    if (!taken.has(safe)) return safe
  }
}

function toSafeName(name: string, salt: string): string {
  const suffix = `_${hash(name + salt)}`
  const readable = name.replaceAll(/[^A-Za-z0-9_-]/gu, '_') || 'tool'
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
