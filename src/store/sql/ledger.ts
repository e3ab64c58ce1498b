import type { LedgerRow } from '../records.ts'
import type { UsageQuery } from '../store.ts'
import { DAY, dayOf } from '../usage.ts'
import { LEDGER_COLUMNS, LEDGER_WIDTH, ledgerRow, ledgerValues } from './columns.ts'
import { fold, PERIODS, readMeta, ROLL_UPS, setMeta, tableOf } from './roll-ups.ts'
import {
  chunks,
  type Dialect,
  placeholders,
  query,
  type SqlRow,
  type SqlValue,
  type Steps,
} from './statement.ts'

/** Rows that one statement deletes, so that other transactions need not wait long. */
const DELETED_AT_ONCE = 2000

/**
 * Settlements follow one another in Postgres: otherwise a row could become visible after the
 * roll-ups have passed its sequence number. A settlement locks before a reservation does.
 */
export function* lockSettlements({ name }: Dialect): Steps<void> {
  if (name === 'postgres') yield* query('SELECT pg_advisory_xact_lock(7164212)')
}

/** Writes rows unless their ids are in the ledger. Returns the ids that are new. */
export function* insertRows(rows: readonly LedgerRow[], dialect: Dialect): Steps<Set<string>> {
  const isNew = new Set<string>()
  const tuple = `(${placeholders(LEDGER_WIDTH + 1)})`
  for (const some of chunks(rows, dialect.rowsPerInsert)) {
    const inserted = yield* query(
      `INSERT INTO ledger (day, ${LEDGER_COLUMNS})
      VALUES ${some.map(() => tuple).join()} ON CONFLICT (id) DO NOTHING RETURNING id`,
      ...some.flatMap((row) => [dayOf(row.time), ...ledgerValues(row)]),
    )
    for (const { id } of inserted) isNew.add(String(id))
  }
  return isNew
}

/** The conditions of a query on rows of the ledger. */
export function ledgerConditions(
  { since = -Infinity, until = Infinity, key, team }: Omit<UsageQuery, 'by'>,
): { sql: string; values: SqlValue[] } {
  return conditionsOf([
    ['time >= ?', Number.isFinite(since) ? Math.ceil(since) : undefined],
    ['time < ?', Number.isFinite(until) ? Math.ceil(until) : undefined],
    ['key = ?', key],
    ['team = ?', team],
  ])
}

/** Joins the conditions that have a value. */
export function conditionsOf(
  conditions: readonly (readonly [condition: string, value: SqlValue | undefined])[],
): { sql: string; values: SqlValue[] } {
  const used = conditions.flatMap(([sql, value]) => value === undefined ? [] : [{ sql, value }])
  return {
    sql: ['1 = 1', ...used.map(({ sql }) => sql)].join(' AND '),
    values: used.map(({ value }) => value),
  }
}

/** A place in the ledger, ordered by time. */
export interface LedgerPosition {
  time: number
  sequence: number
}

/** Some rows of a query after a position, oldest first. */
export function* rowsAfter(
  filter: Omit<UsageQuery, 'by'>,
  after: LedgerPosition | undefined,
  limit: number,
): Steps<{ rows: LedgerRow[]; last: LedgerPosition | undefined }> {
  const { sql, values } = ledgerConditions(filter)
  const place = after ? [after.time, after.time, after.sequence] : []
  const rows = yield* query(
    `SELECT * FROM ledger WHERE ${sql}
    ${after ? 'AND time >= ? AND (time > ? OR sequence > ?)' : ''}
    ORDER BY time, sequence LIMIT ?`,
    ...[...values, ...place, limit],
  )
  return { rows: rows.map(ledgerRow), last: rows.length < limit ? undefined : placeOf(rows.at(-1)) }
}

function placeOf(row: SqlRow | undefined): LedgerPosition | undefined {
  return row && { time: Number(row['time']), sequence: Number(row['sequence']) }
}

/** The rows of these requests. */
export function* findRows(ids: readonly string[]): Steps<LedgerRow[]> {
  const found: LedgerRow[] = []
  for (const some of chunks(ids)) {
    const list = placeholders(some.length)
    const rows = yield* query(`SELECT * FROM ledger WHERE id IN (${list})`, ...some)
    found.push(...rows.map(ledgerRow))
  }
  return found
}

/** Prepares the deletion of the rows of whole days: from now on queries use only their sums. */
export function* beginDeletion(before: number): Steps<void> {
  yield* fold()
  const end = dayOf(before) * DAY
  const deleted = (yield* readMeta('deleted_before')) ?? 0
  yield* setMeta('deleted_before', Math.max(end, deleted))
  for (const rollUp of ROLL_UPS.filter(({ isPersonal }) => isPersonal)) {
    for (const length of PERIODS) {
      yield* query(`DELETE FROM ${tableOf(rollUp, length)} WHERE period < ?`, dayOf(end))
    }
  }
  yield* query('DELETE FROM counters WHERE ends_at < ? AND reserved = 0', end)
}

/** Deletes some rows of whole days before a time. Returns their number. */
export function* deleteSome(before: number): Steps<number> {
  // A row that is written late may not be in the roll-ups yet.
  yield* fold()
  const deleted = yield* query(
    `DELETE FROM ledger WHERE sequence IN
    (SELECT sequence FROM ledger WHERE time < ? LIMIT ${DELETED_AT_ONCE}) RETURNING sequence`,
    dayOf(before) * DAY,
  )
  return deleted.length
}
