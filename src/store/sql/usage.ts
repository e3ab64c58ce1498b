import type { UsageDimension, UsageGroup, UsageQuery } from '../store.ts'
import { DAY, groupUsage, rangeOf, type SummedUsage, toGroups } from '../usage.ts'
import { LEDGER_AS_ROLL_UP, READABLE_SUMS, readSums, SUM_COLUMNS } from './columns.ts'
import { conditionsOf, ledgerConditions } from './ledger.ts'
import {
  type ColumnDimension,
  fold,
  PERIODS,
  readMeta,
  ROLL_UPS,
  type RollUp,
  tableOf,
} from './roll-ups.ts'
import { chunks, query, type SqlRow, type SqlValue, type Steps } from './statement.ts'

/** Times in milliseconds, `until` excluded; they may be infinite. */
interface Range {
  since: number
  until: number
}

/** Adds up usage from roll-ups, and from rows for the parts of days at the ends of the range. */
export function* usage(filter: UsageQuery): Steps<UsageGroup[]> {
  yield* fold()
  const deletedBefore = (yield* readMeta('deleted_before')) ?? -Infinity
  const range = rangeOf(filter, deletedBefore)
  const isPersonal = filter.by.some((dimension) => PERSONAL.includes(dimension))
  if (!isPersonal) return toGroups(yield* sumsOf(filter, range), filter.by)
  // Sums of deleted rows have no person and no session.
  const general = filter.by.filter((dimension) => !PERSONAL.includes(dimension))
  const { before, after } = splitRange(range, deletedBefore)
  return groupUsage([
    ...before ? yield* sumsOf({ ...filter, by: general }, before) : [],
    ...after ? yield* sumsOf(filter, after) : [],
  ], filter.by)
}

const PERSONAL: readonly UsageDimension[] = ['person', 'session']

function splitRange(
  { since, until }: Range,
  time: number,
): { before: Range | undefined; after: Range | undefined } {
  return {
    before: since < time ? { since, until: Math.min(until, time) } : undefined,
    after: until > time ? { since: Math.max(since, time), until } : undefined,
  }
}

function* sumsOf(filter: UsageQuery, range: Range): Steps<SummedUsage[]> {
  const { by } = filter
  const parts = partsOf(filter, range)
  if (parts.length === 0) return []
  const group = by.length > 0 ? `GROUP BY ${by.join()}` : ''
  const rows = yield* query(
    `SELECT ${[...by, READABLE_SUMS].join()}
    FROM (${unionOf(parts.map(({ sql }) => sql))}) AS parts ${group}`,
    ...parts.flatMap(({ values }) => values),
  )
  // Without groups, the sums of no rows are null.
  return rows.filter((row) => row['requests'] !== null).map((row) => toUsage(by, row))
}

/** A Durable Object allows this many terms in one UNION, but more in nested ones. */
const UNION_TERMS = 5

function unionOf(selects: readonly string[]): string {
  const unions = [...chunks(selects, UNION_TERMS)].map((some) => some.join(' UNION ALL '))
  if (unions.length === 1) return unions.join('')
  return unions.map((union, index) => `SELECT * FROM (${union}) AS union_${index}`)
    .join(' UNION ALL ')
}

/** A part of a range, from one table. */
interface Part {
  sql: string
  values: readonly SqlValue[]
}

/** Whole days come from a roll-up, if one has the columns; the rest comes from rows. */
function partsOf(filter: UsageQuery, range: Range): Part[] {
  const needed = [
    ...filter.by.filter((dimension) => dimension !== 'day'),
    ...filter.key === undefined ? [] : ['key' as const],
    ...filter.team === undefined ? [] : ['team' as const],
  ]
  const rollUp = ROLL_UPS.find((one) => needed.every((column) => one.columns.includes(column)))
  const firstDay = Math.ceil(range.since / DAY)
  const lastDay = Math.floor(range.until / DAY)
  if (!rollUp || firstDay >= lastDay) return rowsPart(filter, range)
  const lengths = filter.by.includes('day') ? [1] : PERIODS
  return [
    ...rowsPart(filter, { since: range.since, until: firstDay * DAY }),
    ...cover(firstDay, lastDay, lengths).map((period) => periodsPart(filter, rollUp, period)),
    ...rowsPart(filter, { since: lastDay * DAY, until: range.until }),
  ]
}

function rowsPart({ by, key, team }: UsageQuery, range: Range): Part[] {
  // Infinite ends are equal if a roll-up covers them.
  if (range.since >= range.until) return []
  const { sql, values } = ledgerConditions({ key, team, ...range })
  const columns = by.map((name) => name === 'day' ? name : `COALESCE(${name}, '') AS ${name}`)
  return [{
    sql: `SELECT ${[...columns, LEDGER_AS_ROLL_UP].join()} FROM ledger WHERE ${sql}`,
    values,
  }]
}

/** Periods of one length, whose first days are from `first` to before `last`. */
interface Periods {
  length: number
  first: number
  last: number
}

/** The longest periods of the days from `first` to before `last`, which may be infinite. */
function cover(
  first: number,
  last: number,
  [length, ...shorter]: readonly number[],
): Periods[] {
  if (length === undefined || first >= last) return []
  const [start, end] = [Math.ceil(first / length) * length, Math.floor(last / length) * length]
  if (start >= end) return cover(first, last, shorter)
  return [
    ...cover(first, start, shorter),
    { length, first: start, last: end },
    ...cover(end, last, shorter),
  ]
}

/** Before every period. */
const NO_PERIOD = -1

/**
 * An expression for `key`, because SQLite would otherwise read whole tables by the index of keys to
 * group by them, which takes longer than to sort.
 */
const PERIOD_COLUMNS: ReadonlyMap<UsageDimension, string> = new Map([
  ['day', 'period AS day'],
  ['key', "COALESCE(key, '') AS key"],
])

function periodsPart({ by, key, team }: UsageQuery, rollUp: RollUp, periods: Periods): Part {
  const { length, first, last } = periods
  const { sql, values } = conditionsOf([
    // With a bound, SQLite reads the periods in their order.
    ['period >= ?', Number.isFinite(first) ? first : NO_PERIOD],
    ['period < ?', Number.isFinite(last) ? last : undefined],
    ['key = ?', key],
    ['team = ?', team],
  ])
  const columns = by.map((name) => PERIOD_COLUMNS.get(name) ?? name)
  return {
    sql: `SELECT ${[...columns, ...SUM_COLUMNS].join()} FROM ${
      tableOf(rollUp, length)
    } WHERE ${sql}`,
    values,
  }
}

function toUsage(by: readonly UsageDimension[], row: SqlRow): SummedUsage {
  const text = (dimension: ColumnDimension) => {
    return by.includes(dimension) ? row[dimension]?.toString() || undefined : undefined
  }
  return {
    values: {
      key: by.includes('key') ? String(row['key']) : undefined,
      team: text('team'),
      model: text('model'),
      region: text('region'),
      person: text('person'),
      session: text('session'),
      day: by.includes('day') ? Number(row['day']) : 0,
    },
    sums: readSums(row),
  }
}
