import { BoundedMap } from '../bounded-map.ts'
import type { ObjectKind } from '../object-kind.ts'
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

/** Objects that a process remembers; the oldest are removed first. */
const MAX_ENTRIES = 100_000
/** OCI stores a response for 30 days, unless the project sets another time. */
const RESPONSE_TTL = 30 * 24 * 60 * 60 * 1_000

interface Known {
  owner: string
  until: number
  /** Whether the store has it, so that it is not written again. */
  isStored: boolean
}

/**
 * Creates the records of a gateway. Without a store, they are in this process only: after a restart no
 * object has an owner.
 * @param now the time in milliseconds since the epoch
 */
export function createObjectOwners(
  now: () => number,
  stored: StoredOwners | undefined,
  maxEntries = MAX_ENTRIES,
): ObjectOwners {
  return new KnownOwners(now, stored, maxEntries)
}

interface StoredOwners {
  store: Store
  guard: StoreGuard
}

class KnownOwners implements ObjectOwners {
  readonly #now: () => number
  readonly #stored: StoredOwners | undefined
  readonly #known: BoundedMap<Known>

  constructor(now: () => number, stored: StoredOwners | undefined, maxEntries: number) {
    this.#now = now
    this.#stored = stored
    this.#known = new BoundedMap<Known>({ maxEntries })
  }

  async record(ids: readonly string[], owner: string, kind: ObjectKind): Promise<void> {
    const added = ids.filter((id) => this.#isNew(id, owner))
    const until = kind === 'object' ? Infinity : this.#now() + RESPONSE_TTL
    this.#remember(added, { owner, until, isStored: false })
    const stored = this.#stored
    if (!stored || added.length === 0) return
    const expiresAt = kind === 'object' ? undefined : until
    const objects = added.map((id) => ({ id, owner, expiresAt }))
    try {
      await stored.guard.call(() => stored.store.putObjects(objects, this.#now()))
    } catch {
      return
    }
    this.#remember(added, { owner, until, isStored: true })
  }

  async owned(ids: readonly string[], owner: string): Promise<ReadonlySet<string>> {
    const stored = this.#stored
    const unknown = ids.filter((id) => !this.#find(id))
    if (stored && unknown.length > 0) {
      const found = await stored.guard.call(() => stored.store.findObjects(unknown, this.#now()))
      for (const { id, owner, expiresAt: until = Infinity } of found) {
        this.#remember([id], { owner, until, isStored: true })
      }
    }
    return new Set(ids.filter((id) => this.#find(id)?.owner === owner))
  }

  async forget(id: string): Promise<void> {
    this.#known.delete(id)
    const stored = this.#stored
    if (stored) await stored.guard.call(() => stored.store.deleteObject(id)).catch(() => {})
  }

  /** Whether the store may not have an id yet. The id of another owner is never written. */
  #isNew(id: string, owner: string): boolean {
    const known = this.#find(id)
    return known === undefined || (!known.isStored && known.owner === owner)
  }

  #find(id: string): Known | undefined {
    const found = this.#known.get(id)
    return found && this.#now() < found.until ? found : undefined
  }

  /** The first owner stays, even if OCI repeats an id in an answer to another client. */
  #remember(ids: readonly string[], added: Known): void {
    for (const id of ids) {
      if ((this.#find(id)?.owner ?? added.owner) === added.owner) this.#known.set(id, added)
    }
  }
}
