/** Longest key in UTF-16 units, so that the memory of an entry is bounded. */
const MAX_KEY_LENGTH = 512

export interface BoundedMapOptions {
  /** Maximum number of entries; the least recently set one is evicted first. */
  maxEntries: number
}

/**
 * A cache with bounded memory, for keys from clients or from OCI. It holds at most `maxEntries`
 * entries and ignores keys longer than 512 characters. Setting an entry makes it the most recent.
 */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>()
  readonly #maxEntries: number
  /** The key that was set last. */
  #newest: string | undefined

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
    // Most requests are for the same model as the one before. Moving an entry costs more than setting it.
    if (key !== this.#newest) this.#entries.delete(key)
    this.#newest = key
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
