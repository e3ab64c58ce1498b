import type { OwnedObject } from '../records.ts'
import { chunks, type Dialect, placeholders, query, type SqlRow, type Steps } from './statement.ts'

/** Records the owners of new objects, and deletes expired records. */
export function* putObjects(
  objects: readonly OwnedObject[],
  now: number,
  { rowsPerInsert }: Dialect,
): Steps<void> {
  yield* query('DELETE FROM objects WHERE expires_at <= ?', now)
  for (const some of chunks(objects, rowsPerInsert)) {
    yield* query(
      `INSERT INTO objects (id, owner, expires_at) VALUES ${some.map(() => '(?, ?, ?)').join()}
      ON CONFLICT (id) DO NOTHING`,
      ...some.flatMap(({ id, owner, expiresAt }) => [id, owner, expiresAt ?? null]),
    )
  }
}

/** Reads the records of these ids that have not expired. */
export function* findObjects(ids: readonly string[], now: number): Steps<OwnedObject[]> {
  const found: OwnedObject[] = []
  for (const some of chunks(ids)) {
    const rows = yield* query(
      `SELECT * FROM objects WHERE id IN (${placeholders(some.length)})
      AND COALESCE(expires_at, ?) > ?`,
      ...[...some, now + 1, now],
    )
    found.push(...rows.map(readObject))
  }
  return found
}

function readObject(row: SqlRow): OwnedObject {
  const expiresAt = row['expires_at'] ?? undefined
  return {
    id: String(row['id']),
    owner: String(row['owner']),
    expiresAt: expiresAt === undefined ? undefined : Number(expiresAt),
  }
}

/** Deletes a record. */
export function* deleteObject(id: string): Steps<void> {
  yield* query('DELETE FROM objects WHERE id = ?', id)
}
