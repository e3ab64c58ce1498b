import { BoundedMap } from '../../bounded-map.ts'

/** Records which client created the responses, and their items, that OCI stores. */
export interface ResponseOwners {
  record(id: string, owner: string): void
  /** Whether `owner` created the response or item; `false` for unknown ids. */
  owns(id: string, owner: string): boolean
  /** Removes the record of a deleted response. */
  forget(id: string): void
}

/** Limits of the records. */
export interface ResponseOwnersLimits {
  /** Maximum ids of responses and items; the oldest are removed first. */
  maxEntries: number
  /** Milliseconds until a record expires. */
  ttl: number
}

/** OCI stores a response for 30 days, unless the project sets another time. */
export const DEFAULT_RESPONSE_OWNERS_LIMITS: ResponseOwnersLimits = {
  maxEntries: 100_000,
  ttl: 30 * 24 * 60 * 60 * 1000,
}

/** Creates records in this process: after a restart no response has an owner. `now` is in milliseconds. */
export function createResponseOwners(
  { maxEntries, ttl }: ResponseOwnersLimits,
  now: () => number,
): ResponseOwners {
  const owners = new BoundedMap<{ owner: string; until: number }>({ maxEntries })
  return {
    record(id, owner) {
      // The first owner stays, even if OCI repeats an id in a response to another client.
      const known = owners.get(id)
      if (known && now() < known.until && known.owner !== owner) return
      owners.set(id, { owner, until: now() + ttl })
    },
    owns(id, owner) {
      const known = owners.get(id)
      return known !== undefined && known.owner === owner && now() < known.until
    },
    forget: (id) => void owners.delete(id),
  }
}
