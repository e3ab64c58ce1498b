import type { StoreLimits } from '../../limits.ts'
import type { ResponseStore, StoredResponse } from './store.ts'

interface Entry {
  owner: string
  json: string
  size: number
  /** Milliseconds since the epoch. */
  since: number
}

/** A store in this process; the oldest responses make room for new ones. */
export function createMemoryStore(limits: StoreLimits, now: () => number): ResponseStore {
  return new MemoryStore(limits, now)
}

class MemoryStore implements ResponseStore {
  readonly #limits: StoreLimits
  readonly #now: () => number
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>()
  #bytes = 0

  constructor(limits: StoreLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  get(id: string, owner: string): Promise<StoredResponse | undefined> {
    this.#giveUp()
    const entry = this.#entries.get(id)
    return Promise.resolve(entry?.owner === owner ? JSON.parse(entry.json) : undefined)
  }

  put(stored: StoredResponse, owner: string): Promise<void> {
    const json = JSON.stringify(stored)
    // Two bytes a character: what the longest of texts takes.
    const entry = { owner, json, size: json.length * 2, since: this.#now() }
    this.#remove(stored.response.id)
    if (entry.size <= this.#limits.maxBytes) {
      this.#entries.set(stored.response.id, entry)
      this.#bytes += entry.size
    }
    this.#giveUp()
    return Promise.resolve()
  }

  delete(id: string, owner: string): Promise<boolean> {
    this.#giveUp()
    const isThere = this.#entries.get(id)?.owner === owner
    if (isThere) this.#remove(id)
    return Promise.resolve(isThere)
  }

  /** Those that are too old or too many. */
  #giveUp(): void {
    const { maxItems, maxBytes, ttl } = this.#limits
    const oldest = this.#now() - ttl
    for (const [id, { since }] of this.#entries) {
      const isRoom = this.#entries.size <= maxItems && this.#bytes <= maxBytes
      if (isRoom && since > oldest) break
      this.#remove(id)
    }
  }

  #remove(id: string): void {
    this.#bytes -= this.#entries.get(id)?.size ?? 0
    this.#entries.delete(id)
  }
}
