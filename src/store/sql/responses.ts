import { type ResponseLimits, type ResponseRecord, responseSize } from '../response-record.ts'
import { query, type SqlRow, type Steps } from './statement.ts'

/** Rows that are deleted in one transaction. */
const PRUNED = 500

/** Stores a response. Returns `false` if its id is taken. */
export function* putResponse(
  { id, owner, content, createdAt, expiresAt }: ResponseRecord,
): Steps<boolean> {
  const written = yield* query(
    `INSERT INTO stored_responses (id, owner, size, created_at, expires_at, content)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id`,
    ...[id, owner, responseSize(content), createdAt, expiresAt, content],
  )
  return written.length > 0
}

/** Reads a response of its owner, unless it has expired. */
export function* getResponse(
  id: string,
  owner: string,
  now: number,
): Steps<ResponseRecord | undefined> {
  const rows = yield* query(
    'SELECT * FROM stored_responses WHERE id = ? AND owner = ? AND expires_at > ?',
    ...[id, owner, now],
  )
  return rows.map(readResponse)[0]
}

function readResponse(row: SqlRow): ResponseRecord {
  return {
    id: String(row['id']),
    owner: String(row['owner']),
    content: String(row['content']),
    createdAt: Number(row['created_at']),
    expiresAt: Number(row['expires_at']),
  }
}

/** Deletes a response. Returns `false` if its owner has none with this id. */
export function* deleteResponse(id: string, owner: string, now: number): Steps<boolean> {
  const deleted = yield* query(
    'DELETE FROM stored_responses WHERE id = ? AND owner = ? RETURNING expires_at',
    ...[id, owner],
  )
  return deleted.some((row) => Number(row['expires_at']) > now)
}

/** Deletes some of the expired responses, or else of those over the limits. Returns their number. */
export function* pruneSome({ maxItems, maxBytes }: ResponseLimits, now: number): Steps<number> {
  const expired = yield* query(
    `DELETE FROM stored_responses WHERE id IN
    (SELECT id FROM stored_responses WHERE expires_at <= ? LIMIT ${PRUNED}) RETURNING id`,
    now,
  )
  if (expired.length > 0) return expired.length
  const [sums] = yield* query('SELECT COUNT(*) AS items, SUM(size) AS bytes FROM stored_responses')
  if (Number(sums?.['items']) <= maxItems && Number(sums?.['bytes']) <= maxBytes) return 0
  const newest = 'OVER (ORDER BY created_at DESC, id DESC)'
  const deleted = yield* query(
    `DELETE FROM stored_responses WHERE id IN (SELECT id FROM
    (SELECT id, created_at, ROW_NUMBER() ${newest} AS position, SUM(size) ${newest} AS total
    FROM stored_responses) AS ranked
    WHERE position > ? OR total > ? ORDER BY created_at LIMIT ${PRUNED}) RETURNING id`,
    ...[maxItems, maxBytes],
  )
  return deleted.length
}
