/** Subschemas are compared at each level around them; each is hashed once. */
const known = new WeakMap<object, number>()

/**
 * Hashes a value to 53 bits: equal for values with the same JSON, different for others except for
 * collisions. A client that constructs a collision only confuses alternatives of its own schema.
 */
export function fingerprint(value: unknown): number {
  if (typeof value !== 'object' || value === null) return ofText(`${typeof value} ${value}`)
  const found = known.get(value)
  if (found !== undefined) return found
  const print = Array.isArray(value) ? ofList(value) : ofRecord(value)
  known.set(value, print)
  return print
}

function ofList(list: readonly unknown[]): number {
  const hash = new Hash()
  for (const item of list) hash.add(fingerprint(item))
  return hash.end(1)
}

function ofRecord(record: object): number {
  const hash = new Hash()
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined) continue
    hash.add(ofText(name))
    hash.add(fingerprint(value))
  }
  return hash.end(2)
}

function ofText(text: string): number {
  const hash = new Hash()
  for (let at = 0; at < text.length; at++) hash.addWord(text.charCodeAt(at))
  return hash.end(3)
}

/** Two lanes of 32 bits, each multiplied by odd factors as in FNV and MurmurHash. */
class Hash {
  #one = 0x811c9dc5
  #other = 0x9747b28c

  /** Adds a number of up to 53 bits. */
  add(print: number): void {
    this.addWord(print >>> 0)
    this.addWord(Math.floor(print / 0x1_0000_0000))
  }

  addWord(word: number): void {
    this.#one = Math.imul(this.#one ^ word, 0x01000193)
    this.#other = Math.imul(this.#other ^ word, 0x5bd1e995)
    this.#other ^= this.#other >>> 15
  }

  end(kind: number): number {
    this.addWord(kind)
    return (this.#one >>> 0) * 0x20_0000 + (this.#other >>> 11)
  }
}
