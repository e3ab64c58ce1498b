import type { UsageDimension } from '../store.ts'
import { LEDGER_SUMS, SUM_COLUMNS } from './columns.ts'
import { query, type SqlRow, type Steps } from './statement.ts'

/** A dimension that is a column of the ledger. */
export type ColumnDimension = Exclude<UsageDimension, 'day'>

/** Sums of the ledger by some columns, in a table for each length of period. */
export interface RollUp {
  name: string
  columns: readonly ColumnDimension[]
  /** Whether its sums are deleted with their rows. */
  isPersonal?: true
}

/** From small to large: a query uses the first one that has its columns. */
export const ROLL_UPS: readonly RollUp[] = [
  { name: 'usage_by_model', columns: ['team', 'model', 'region'] },
  { name: 'usage_by_key', columns: ['key', 'team'] },
  { name: 'usage_by_person', columns: ['person'], isPersonal: true },
  { name: 'usage_by_session', columns: ['session'], isPersonal: true },
  { name: 'usage_by_key_and_model', columns: ['key', 'team', 'model', 'region'] },
]

/**
 * The lengths of periods in days, longest first. Any range of days is a few periods of each length,
 * so that a query reads at most 18 rows for a group, and one for each 30 days between.
 */
export const PERIODS = [30, 5, 1] as const

/** The name of the table with the sums of periods of `length` days. */
export function tableOf({ name }: RollUp, length: number): string {
  return `${name}_${length}`
}

/** Rows that are written before they are added to the roll-ups: one by one would cost more. */
const FOLD_AFTER = 64

/** Adds new rows of the ledger to the roll-ups, in the transaction that wrote them. */
export function* foldIfMany(): Steps<void> {
  const { folded, last } = yield* readPositions()
  if (last - folded >= FOLD_AFTER) yield* foldRows(folded, last)
}

/** Adds all rows of the ledger to the roll-ups. */
export function* fold(): Steps<void> {
  const { folded, last } = yield* readPositions()
  if (last > folded) yield* foldRows(folded, last)
}

function* readPositions(): Steps<{ folded: number; last: number }> {
  const rows = yield* query(
    `SELECT (SELECT value FROM meta WHERE name = 'folded') AS folded,
      (SELECT MAX(sequence) FROM ledger) AS last`,
  )
  return { folded: Number(rows[0]?.['folded'] ?? 0), last: Number(rows[0]?.['last'] ?? 0) }
}

function* foldRows(folded: number, last: number): Steps<void> {
  for (const rollUp of ROLL_UPS) {
    for (const length of PERIODS) yield* query(foldStatement(rollUp, length), folded, last)
  }
  yield* setMeta('folded', last)
}

function foldStatement(rollUp: RollUp, length: number): string {
  const { columns } = rollUp
  const table = tableOf(rollUp, length)
  // The first day of the period.
  const group = [`day - day % ${length}`, ...columns.map((column) => `COALESCE(${column}, '')`)]
  const added = SUM_COLUMNS.map((column) => `${column} = ${table}.${column} + excluded.${column}`)
  return `INSERT INTO ${table} (period, ${columns.join()}, ${SUM_COLUMNS.join()})
    SELECT ${group.join()}, ${LEDGER_SUMS} FROM ledger
    WHERE sequence > ? AND sequence <= ? GROUP BY ${group.join()}
    ON CONFLICT (period, ${columns.join()}) DO UPDATE SET ${added.join()}`
}

/** Reads a number of the table of single values. */
export function* readMeta(name: string): Steps<number | undefined> {
  const rows: readonly SqlRow[] = yield* query('SELECT value FROM meta WHERE name = ?', name)
  const value = rows[0]?.['value'] ?? undefined
  return value === undefined ? undefined : Number(value)
}

/** Writes a number of the table of single values. */
export function* setMeta(name: string, value: number): Steps<void> {
  yield* query(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    value,
  )
}
