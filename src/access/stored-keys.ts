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
const TTL = 2_000
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
  const { store, guard, now, mayUseLastRead } = options
  const cache = new BoundedMap<Cached>({ maxEntries: MAX_KEYS })
  let required: { value: boolean; readAt: number } | undefined
  const isFresh = ({ readAt }: { readAt: number }) => Math.abs(now() - readAt) < TTL

  async function read(presented: string): Promise<KeyIdentity | undefined> {
    const readAt = now()
    const hash = await hashKey(presented)
    const key = await guard.call(() => store.findKey(hash))
    if (key === undefined) {
      cache.delete(presented)
      return undefined
    }
    const { team: name } = key
    const team = name === undefined ? undefined : await guard.call(() => store.getTeam(name))
    const identity = { key, team }
    cache.set(presented, { identity, readAt })
    return identity
  }

  async function readOrLast(presented: string, last: Cached | undefined) {
    try {
      return await read(presented)
    } catch (error) {
      const isUsable = last && now() - last.readAt < MAX_AGE_WITHOUT_STORE
      if (isUsable && mayUseLastRead(last.identity)) return last.identity
      throw error
    }
  }

  return {
    find(presented) {
      if (!isStoredKeyText(presented)) return undefined
      const cached = cache.get(presented)
      return cached && isFresh(cached) ? cached.identity : readOrLast(presented, cached)
    },
    areRequired() {
      if (required && isFresh(required)) return required.value
      const readAt = now()
      const last = required?.value ?? true
      return guard.call(() => store.hasKeys()).then((value) => {
        required = { value, readAt }
        return value
      }, () => last)
    },
  }
}
