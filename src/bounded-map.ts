/** Keys longer than this, in UTF-16 units, are not kept: the memory of an entry stays bounded. */
const MAX_KEY_LENGTH = 512

export interface BoundedMapOptions {
  /** Entries at most; the least recently set ones are evicted first. */
  maxEntries: number
}

/**
 * A cache whose memory is bounded, for keys that come from clients or from OCI: at most `maxEntries`
 * entries, and none with a key longer than 512 characters. Setting an entry renews it.
 */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>()
  readonly #maxEntries: number

  constructor({ maxEntries }: BoundedMapOptions) {
    this.#maxEntries = maxEntries
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  set(key: string, value: Value): void {
    if (key.length > MAX_KEY_LENGTH) return
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#maxEntries) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }

  delete(key: string): boolean {
    return this.#entries.delete(key)
  }

  /** The entries, least recently set first. */
  entries(): MapIterator<[key: string, value: Value]> {
    return this.#entries.entries()
  }
}
