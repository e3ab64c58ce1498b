import { BoundedMap } from '../bounded-map.ts'
import type { Store } from '../store/store.ts'
import type { StoreGuard } from './store-guard.ts'

/** Records which client created the objects that OCI stores: responses, files, vector stores, … */
export interface ObjectOwners {
  /**
   * Records that new objects belong to a client. They are known in this process at once; resolves when
   * the store has them, too. Never rejects: without the store, only this process knows them.
   */
  record(ids: readonly string[], owner: string, kind: ObjectKind): Promise<void>
  /** Returns those of the ids that belong to the client. Unknown ids belong to no client. */
  owned(ids: readonly string[], owner: string): Promise<ReadonlySet<string>>
  /** Removes the record of a deleted object. */
  forget(id: string): Promise<void>
}

/**
 * How long an object is known. `response`: as long as OCI stores it. `item`: as long, but only in this
 * process, because a response has many items. `object`: until it is deleted.
 */
export type ObjectKind = 'response' | 'item' | 'object'

/** Objects that a process remembers; the oldest are removed first. */
const MAX_ENTRIES = 100_000
/** OCI stores a response for 30 days, unless the project sets another time. */
const RESPONSE_TTL = 30 * 24 * 60 * 60 * 1_000

interface Known {
  owner: string
  until: number
}

/**
 * Creates the records of a gateway. Without a store, they are in this process only: after a restart no
 * object has an owner.
 * @param now the time in milliseconds since the epoch
 */
export function createObjectOwners(
  now: () => number,
  stored: { store: Store; guard: StoreGuard } | undefined,
  maxEntries = MAX_ENTRIES,
): ObjectOwners {
  const known = new BoundedMap<Known>({ maxEntries })
  const find = (id: string): Known | undefined => {
    const found = known.get(id)
    return found && now() < found.until ? found : undefined
  }
  const remember = (id: string, { owner, until }: Known): void => {
    // The first owner stays, even if OCI repeats an id in an answer to another client.
    if ((find(id)?.owner ?? owner) === owner) known.set(id, { owner, until })
  }
  return {
    async record(ids, owner, kind) {
      const until = kind === 'object' ? Infinity : now() + RESPONSE_TTL
      for (const id of ids) remember(id, { owner, until })
      if (!stored || kind === 'item' || ids.length === 0) return
      const expiresAt = kind === 'object' ? undefined : until
      const objects = ids.map((id) => ({ id, owner, expiresAt }))
      await stored.guard.call(() => stored.store.putObjects(objects, now())).catch(() => {})
    },
    async owned(ids, owner) {
      const unknown = ids.filter((id) => !find(id))
      if (stored && unknown.length > 0) {
        const found = await stored.guard.call(() => stored.store.findObjects(unknown, now()))
        for (const { id, owner, expiresAt = Infinity } of found) {
          remember(id, { owner, until: expiresAt })
        }
      }
      return new Set(ids.filter((id) => find(id)?.owner === owner))
    },
    async forget(id) {
      known.delete(id)
      await stored?.guard.call(() => stored.store.deleteObject(id)).catch(() => {})
    },
  }
}
