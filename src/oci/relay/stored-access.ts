import type { ObjectKind } from '../../object-kind.ts'

/** Tracks which of the objects that OCI stores belong to the client of a request. */
export interface StoredAccess {
  /** Rejects if a request refers to an object of another client. Called before the request is sent. */
  check(body: Readonly<Record<string, unknown>>): Promise<void>
  /** Records that new objects belong to the client, all at once. */
  record(ids: readonly string[], kind: ObjectKind): void
  /** Resolves when all that was recorded is in the store. */
  recorded(): Promise<void>
}
