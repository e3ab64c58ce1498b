import type { UsageDimension, UsageGroup, UsageQuery } from '../store.ts'
import { DAY, dayOf, groupUsage, rangeOf, type SummedUsage } from '../usage.ts'
import { READABLE_LEDGER_SUMS, READABLE_ROLL_UP_SUMS, readSums } from './columns.ts'
import { ledgerConditions, monthOf } from './ledger.ts'
import { type ColumnDimension, fold, readMeta, ROLL_UPS, type RollUp } from './roll-ups.ts'
import { query, type SqlRow, type SqlValue, type Steps } from './statement.ts'

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
  if (!isPersonal) return groupUsage(yield* sumsOf(filter, range), filter.by)
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
  const columns = filter.by.filter((dimension) => dimension !== 'day')
  const needed: ColumnDimension[] = [
    ...columns,
    ...filter.key === undefined ? [] : ['key' as const],
    ...filter.team === undefined ? [] : ['team' as const],
  ]
  const rollUp = ROLL_UPS.find((one) => needed.every((column) => one.columns.includes(column)))
  if (!rollUp) return yield* rowSums(filter, range)
  const firstDay = Math.ceil(range.since / DAY)
  const lastDay = Math.floor(range.until / DAY)
  if (firstDay >= lastDay) return yield* rowSums(filter, range)
  return [
    ...yield* rowSums(filter, { since: range.since, until: firstDay * DAY }),
    ...yield* rollUpSums(filter, rollUp, firstDay, lastDay),
    ...yield* rowSums(filter, { since: lastDay * DAY, until: range.until }),
  ]
}

function* rowSums({ by, key, team }: UsageQuery, range: Range): Steps<SummedUsage[]> {
  // Infinite ends are equal if a roll-up covers them.
  if (range.since >= range.until) return []
  const { sql, values } = ledgerConditions({ key, team, ...range })
  const group = by.map((dimension) => dimension === 'day' ? 'day' : `COALESCE(${dimension}, '')`)
  const names = by.map((dimension, index) => `${group[index]} AS ${dimension}`)
  return yield* readUsage(
    by,
    sumQuery('ledger', { names, group, sums: READABLE_LEDGER_SUMS, sql }),
    values,
  )
}

function* rollUpSums(
  filter: UsageQuery,
  rollUp: RollUp,
  firstDay: number,
  lastDay: number,
): Steps<SummedUsage[]> {
  if (filter.by.includes('day')) return yield* periodSums(filter, rollUp, 'day', firstDay, lastDay)
  const firstMonth = Number.isFinite(firstDay) ? nextMonth(firstDay) : firstDay
  const lastMonth = Number.isFinite(lastDay) ? monthOf(lastDay * DAY) : lastDay
  if (firstMonth >= lastMonth) return yield* periodSums(filter, rollUp, 'day', firstDay, lastDay)
  return [
    ...yield* periodSums(filter, rollUp, 'day', firstDay, firstMonth),
    ...yield* periodSums(filter, rollUp, 'month', firstMonth, lastMonth),
    ...yield* periodSums(filter, rollUp, 'day', lastMonth, lastDay),
  ]
}

/** The first day of the month that begins on `day` or after it. */
function nextMonth(day: number): number {
  const month = monthOf(day * DAY)
  return month === day ? day : monthOf((month + 31) * DAY)
}

function* periodSums(
  { by, key, team }: UsageQuery,
  { name }: RollUp,
  period: 'day' | 'month',
  first: number,
  last: number,
): Steps<SummedUsage[]> {
  if (first >= last) return []
  const conditions: [condition: string, value: SqlValue | undefined][] = [
    ['period >= ?', Number.isFinite(first) ? first : undefined],
    ['period < ?', Number.isFinite(last) ? last : undefined],
    ['key = ?', key],
    ['team = ?', team],
  ]
  const used = conditions.filter(([, value]) => value !== undefined)
  const sql = ['1 = 1', ...used.map(([condition]) => condition)].join(' AND ')
  const group = by.map((dimension) => dimension === 'day' ? 'period' : dimension)
  const names = by.map((dimension) => dimension === 'day' ? 'period AS day' : dimension)
  const text = sumQuery(`${name}_${period}`, { names, group, sums: READABLE_ROLL_UP_SUMS, sql })
  return yield* readUsage(by, text, used.flatMap(([, value]) => value === undefined ? [] : [value]))
}

interface SumQuery {
  /** The selected columns, and the expressions by which they are grouped. */
  names: readonly string[]
  group: readonly string[]
  sums: string
  sql: string
}

function sumQuery(table: string, { names, group, sums, sql }: SumQuery): string {
  const by = group.length > 0 ? `GROUP BY ${group.join()}` : ''
  return `SELECT ${[...names, sums].join()} FROM ${table} WHERE ${sql} ${by}`
}

function* readUsage(
  by: readonly UsageDimension[],
  sql: string,
  values: readonly SqlValue[],
): Steps<SummedUsage[]> {
  const rows = yield* query(sql, ...values)
  return rows.filter((row) => row['requests'] !== null).map((row) => toUsage(by, row))
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
      day: by.includes('day') ? Number(row['day']) : dayOf(0),
    },
    sums: readSums(row),
  }
}
