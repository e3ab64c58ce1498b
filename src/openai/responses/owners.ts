import { BoundedMap } from '../../bounded-map.ts'

/** Which client created the responses that OCI keeps, and their items. */
export interface ResponseOwners {
  record(id: string, owner: string): void
  /** Whether `owner` created what has the id; `false` also where that is not known. */
  owns(id: string, owner: string): boolean
  /** Ends the record of a response that was deleted. */
  forget(id: string): void
}

/** Limits of the record. */
export interface ResponseOwnersLimits {
  /** Ids at most, of responses and items; the oldest are forgotten first. */
  maxEntries: number
  /** Milliseconds until an id is forgotten. */
  ttl: number
}

/** OCI keeps a response for 30 days unless a project says otherwise. */
export const DEFAULT_RESPONSE_OWNERS_LIMITS: ResponseOwnersLimits = {
  maxEntries: 100_000,
  ttl: 30 * 24 * 60 * 60 * 1000,
}

/** A record in this process: after a restart no response has an owner. `now` is in milliseconds. */
export function createResponseOwners(
  { maxEntries, ttl }: ResponseOwnersLimits,
  now: () => number,
): ResponseOwners {
  const owners = new BoundedMap<{ owner: string; until: number }>({ maxEntries })
  return {
    record(id, owner) {
      // The first owner stays: an answer of OCI's that repeats an id must not give it to another.
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
