/** Tracks which of the objects that OCI stores belong to the client of a request. */
export interface StoredAccess {
  /** Rejects if a request refers to an object of another client. Called before the request is sent. */
  check(body: Readonly<Record<string, unknown>>): Promise<void>
  /** Records that a new object belongs to the client. */
  record(id: string, kind: StoredKind): void
  /** Resolves when all that was recorded is in the store. */
  recorded(): Promise<void>
}

/** A response, one of its items, or an object that stays until it is deleted. */
export type StoredKind = 'response' | 'item' | 'object'
