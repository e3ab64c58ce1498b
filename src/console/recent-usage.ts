import type { LoggedRequest, UsageRow } from './data.ts'

/** The dimensions of the tables of usage. */
export const DIMENSIONS = ['model', 'key', 'team', 'person'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** The ranges of the usage, each with its days. */
export const RANGES = { today: 1, week: 7, month: 30 } as const
export type Range = keyof typeof RANGES

/** Sums over requests. */
export interface Sums {
  requests: number
  errors: number
  tokens: number
  /** USD; `undefined` if no request has a cost. */
  cost: number | undefined
}

export interface NamedSums extends Sums {
  name: string
}

/** A column of the chart: an hour or a day. */
export interface Bucket extends Sums {
  label: string
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The start of a range: midnight of its first day in UTC, as the ledger counts days. */
export function rangeStart(range: Range, now: number): number {
  return Math.floor(now / DAY) * DAY - (RANGES[range] - 1) * DAY
}

/** Adds up requests. */
export function sumRequests(requests: readonly LoggedRequest[]): Sums {
  return addAll(requests.map(sumsOf))
}

/** Adds up the rows of the ledger. */
export function sumRows(rows: readonly UsageRow[]): Sums {
  return addAll(rows.map(rowSums))
}

/** Groups requests by a dimension, the most requests first. Requests without a value are "none". */
export function groupRequests(
  requests: readonly LoggedRequest[],
  dimension: Dimension,
): readonly NamedSums[] {
  return group(requests.map((request) => [request[dimension] || NONE, sumsOf(request)]))
}

/** The rows of the ledger by a dimension, the most requests first. */
export function groupRows(
  rows: readonly UsageRow[],
  dimension: Dimension,
): readonly NamedSums[] {
  return group(rows.map((row) => [row[dimension] || NONE, rowSums(row)]))
}

/** The requests of today by hour, from the first hour of the day to the present one. */
export function hourBuckets(requests: readonly LoggedRequest[], now: number): readonly Bucket[] {
  const start = rangeStart('today', now)
  const hours = Math.floor((now - start) / HOUR) + 1
  return Array.from({ length: hours }, (_, index) => {
    const from = start + index * HOUR
    const own = requests.filter(({ time }) => isWithin(Date.parse(time), from, from + HOUR))
    return { label: hourLabel(from), ...sumRequests(own) }
  })
}

/** The rows of the ledger by day, with the days that have none. */
export function dayBuckets(
  rows: readonly UsageRow[],
  range: Range,
  now: number,
): readonly Bucket[] {
  const start = rangeStart(range, now)
  return Array.from({ length: RANGES[range] }, (_, index) => {
    const day = new Date(start + index * DAY).toISOString().slice(0, 10)
    return { label: day.slice(5), ...sumRows(rows.filter((row) => row.day === day)) }
  })
}

/** The requests of a list by day. */
export function requestDayBuckets(
  requests: readonly LoggedRequest[],
  range: Range,
  now: number,
): readonly Bucket[] {
  const start = rangeStart(range, now)
  return Array.from({ length: RANGES[range] }, (_, index) => {
    const from = start + index * DAY
    const own = requests.filter(({ time }) => isWithin(Date.parse(time), from, from + DAY))
    return { label: new Date(from).toISOString().slice(5, 10), ...sumRequests(own) }
  })
}

/** The value below which a ratio of the values lies; `undefined` without values. */
export function quantile(values: readonly number[], ratio: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * ratio) - 1)]
}

/** The calls to one region. */
export interface RegionCalls {
  region: string
  calls: number
  failed: number
  rateLimited: number
}

/** Counts the calls of requests by region, in the order of `regions`, then others. */
export function callsByRegion(
  requests: readonly LoggedRequest[],
  regions: readonly string[],
): readonly RegionCalls[] {
  const attempts = requests.flatMap(({ attempts }) => attempts)
  const names = new Set([...regions, ...attempts.map(({ region }) => region)])
  return Array.from(names, (region) => {
    const own = attempts.filter((attempt) => attempt.region === region)
    return {
      ...{ region, calls: own.length },
      failed: own.filter(({ error }) => error !== null).length,
      rateLimited: own.filter(({ status }) => status === 429).length,
    }
  })
}

const NONE = 'none'

function sumsOf({ tokens, cost, status, outcome }: LoggedRequest): Sums {
  return {
    requests: 1,
    errors: outcome === 'failed' || status >= 400 ? 1 : 0,
    tokens: tokens ? tokens.prompt + tokens.completion : 0,
    cost: cost === null ? undefined : Number(cost),
  }
}

function rowSums({ requests, errors, promptTokens, completionTokens, cost }: UsageRow): Sums {
  return {
    ...{ requests, errors, tokens: promptTokens + completionTokens },
    cost: cost === null ? undefined : Number(cost),
  }
}

function addAll(all: readonly Sums[]): Sums {
  const costs = all.flatMap(({ cost }) => cost ?? [])
  return {
    requests: all.reduce((sum, { requests }) => sum + requests, 0),
    errors: all.reduce((sum, { errors }) => sum + errors, 0),
    tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0),
  }
}

function group(entries: readonly (readonly [name: string, sums: Sums])[]): readonly NamedSums[] {
  const groups = new Map<string, Sums[]>()
  for (const [name, sums] of entries) groups.set(name, [...groups.get(name) ?? [], sums])
  return Array.from(groups, ([name, sums]) => ({ name, ...addAll(sums) }))
    .sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1))
}

function hourLabel(time: number): string {
  return new Date(time).toISOString().slice(11, 16)
}

function isWithin(time: number, from: number, to: number): boolean {
  return time >= from && time < to
}
