import { BoundedMap } from '../bounded-map.ts'
import type { KeyRecord, TeamRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { hashKey, isStoredKeyText } from './create-key.ts'
import type { StoreGuard } from './store-guard.ts'

/** A key of the store with its team, whose limits apply too. */
export interface KeyIdentity {
  key: KeyRecord
  team: TeamRecord | undefined
}

/** Finds the keys of a store. A known key is answered without a promise. */
export interface StoredKeys {
  /** The key with this text; `undefined` if there is none. It may be disabled or expired. */
  find(presented: string): KeyIdentity | undefined | Promise<KeyIdentity | undefined>
  /** Whether requests need a key, because the store has keys. */
  areRequired(): boolean | Promise<boolean>
}

export interface StoredKeysOptions {
  store: Pick<Store, 'findKey' | 'getTeam' | 'hasKeys'>
  guard: StoreGuard
  now(): number
  /** Whether a key may be used as it was last read, while the store does not answer. */
  mayUseLastRead(identity: KeyIdentity): boolean
}

/** Milliseconds for which a key is cached: a change applies in every process after this time. */
export const STORED_KEY_TTL = 2_000
/** Milliseconds for which a key is accepted without the store. */
const MAX_AGE_WITHOUT_STORE = 3_600_000
const MAX_KEYS = 10_000

interface Cached {
  identity: KeyIdentity
  readAt: number
}

/**
 * Creates the look-up of a store's keys. The look-up by hash needs no comparison in constant time: its
 * duration depends on the SHA-256 of a key, from which no byte of the key follows.
 */
export function createStoredKeys(options: StoredKeysOptions): StoredKeys {
  return new KeyCache(options)
}

class KeyCache implements StoredKeys {
  readonly #options: StoredKeysOptions
  readonly #cache = new BoundedMap<Cached>({ maxEntries: MAX_KEYS })
  #required: { value: boolean; readAt: number } | undefined

  constructor(options: StoredKeysOptions) {
    this.#options = options
  }

  find(presented: string): KeyIdentity | undefined | Promise<KeyIdentity | undefined> {
    if (!isStoredKeyText(presented)) return undefined
    const cached = this.#cache.get(presented)
    return cached && this.#isFresh(cached) ? cached.identity : this.#readOrLast(presented, cached)
  }

  areRequired(): boolean | Promise<boolean> {
    const last = this.#required
    return last && this.#isFresh(last) ? last.value : this.#readRequired(last?.value ?? true)
  }

  async #readOrLast(presented: string, last: Cached | undefined) {
    const { now, mayUseLastRead } = this.#options
    try {
      return await this.#read(presented)
    } catch (error) {
      const isUsable = last && now() - last.readAt < MAX_AGE_WITHOUT_STORE
      if (isUsable && mayUseLastRead(last.identity)) return last.identity
      throw error
    }
  }

  async #read(presented: string): Promise<KeyIdentity | undefined> {
    const { store, guard, now } = this.#options
    const readAt = now()
    const hash = await hashKey(presented)
    const key = await guard.call(() => store.findKey(hash))
    if (key === undefined) {
      this.#cache.delete(presented)
      return undefined
    }
    const { team: name } = key
    const team = name === undefined ? undefined : await guard.call(() => store.getTeam(name))
    const identity = { key, team }
    this.#cache.set(presented, { identity, readAt })
    return identity
  }

  async #readRequired(last: boolean): Promise<boolean> {
    const { store, guard, now } = this.#options
    const readAt = now()
    try {
      const value = await guard.call(() => store.hasKeys())
      this.#required = { value, readAt }
      return value
    } catch {
      return last
    }
  }

  /** A clock that was set back makes no entry fresh for longer. */
  #isFresh({ readAt }: { readAt: number }): boolean {
    return Math.abs(this.#options.now() - readAt) < STORED_KEY_TTL
  }
}
