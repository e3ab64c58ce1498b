import type { StoreLimits } from '../../limits.ts'
import type { ResponseStore, StoredResponse } from './store.ts'

interface Entry {
  owner: string
  json: string
  size: number
  /** Milliseconds since the epoch. */
  since: number
}

/**
 * Creates a store in this process, whose limits may change. It evicts the oldest responses first.
 * `now` is in milliseconds.
 */
export function createMemoryStore(limits: Readonly<StoreLimits>, now: () => number): ResponseStore {
  return new MemoryStore(limits, now)
}

class MemoryStore implements ResponseStore {
  readonly #limits: Readonly<StoreLimits>
  readonly #now: () => number
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>()
  #bytes = 0

  constructor(limits: Readonly<StoreLimits>, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  get(id: string, owner: string): Promise<StoredResponse | undefined> {
    this.#evict()
    const entry = this.#entries.get(id)
    return Promise.resolve(entry?.owner === owner ? JSON.parse(entry.json) : undefined)
  }

  put(stored: StoredResponse, owner: string): Promise<void> {
    const json = JSON.stringify(stored)
    // At most two bytes for each UTF-16 unit.
    const entry = { owner, json, size: json.length * 2, since: this.#now() }
    this.#remove(stored.response.id)
    if (entry.size <= this.#limits.maxBytes) {
      this.#entries.set(stored.response.id, entry)
      this.#bytes += entry.size
    }
    this.#evict()
    return Promise.resolve()
  }

  delete(id: string, owner: string): Promise<boolean> {
    this.#evict()
    const exists = this.#entries.get(id)?.owner === owner
    if (exists) this.#remove(id)
    return Promise.resolve(exists)
  }

  /** Removes expired responses, and the oldest while the store is over its limits. */
  #evict(): void {
    const { maxItems, maxBytes, ttl } = this.#limits
    const oldest = this.#now() - ttl
    for (const [id, { since }] of this.#entries) {
      const fits = this.#entries.size <= maxItems && this.#bytes <= maxBytes
      if (fits && since > oldest) break
      this.#remove(id)
    }
  }

  #remove(id: string): void {
    this.#bytes -= this.#entries.get(id)?.size ?? 0
    this.#entries.delete(id)
  }
}
