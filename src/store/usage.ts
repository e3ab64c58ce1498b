import type { LedgerRow } from './records.ts'
import type { UsageCounts, UsageDimension, UsageGroup, UsageQuery } from './store.ts'

/** The length of a day, in milliseconds. */
export const DAY = 86_400_000

/** The values of the dimensions by which usage is grouped. `day` is in days since the epoch. */
export type UsageValues =
  & Readonly<Record<Exclude<UsageDimension, 'day'>, string | undefined>>
  & Readonly<{ day: number }>

/** The columns that are added up, as numbers that can be added again. */
export interface UsageSums extends UsageCounts {
  /** Nano-dollars of the rows that have a cost. */
  cost: bigint
  /** Rows that have a cost, rows that lack one, and rows whose tokens were estimated. */
  priced: number
  withoutCost: number
  estimated: number
}

/** Sums, and what they are the sums of. */
export interface SummedUsage {
  values: UsageValues
  sums: UsageSums
}

/** One row as sums. */
export function summedRow(row: LedgerRow): SummedUsage {
  const { key, team, model, region, person, session, cost } = row
  const isFailed = row.outcome === 'failed' || row.outcome === 'expired' ||
    (row.outcome === 'complete' && row.status >= 400)
  return {
    values: { key, team, model, region, person, session, day: dayOf(row.time) },
    sums: {
      requests: 1,
      errors: isFailed ? 1 : 0,
      promptTokens: row.promptTokens,
      cachedTokens: row.cachedTokens,
      completionTokens: row.completionTokens,
      reasoningTokens: row.reasoningTokens,
      promptCharacters: row.promptCharacters,
      answerCharacters: row.answerCharacters,
      searchUnits: row.searchUnits,
      cost: BigInt(cost ?? 0),
      priced: cost === undefined ? 0 : 1,
      withoutCost: cost === undefined && row.status < 400 ? 1 : 0,
      estimated: row.estimated ? 1 : 0,
    },
  }
}

/** The day of a time, in days since the epoch. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY)
}

/** Describes usage that is added up already. The groups are sorted by their values. */
export function toGroups(
  usages: readonly SummedUsage[],
  by: readonly UsageDimension[],
): UsageGroup[] {
  return usages.map(({ values, sums }) => toGroup(by.map((name) => valueOf(values, name)), sums))
    .sort(compareGroups)
}

/** Adds up usage by dimensions. The groups are sorted by their values. */
export function groupUsage(
  usages: Iterable<SummedUsage>,
  by: readonly UsageDimension[],
): UsageGroup[] {
  const groups = new Map<string, { group: UsageGroup['group']; sums: UsageSums }>()
  for (const { values, sums } of usages) {
    const group = by.map((dimension) => valueOf(values, dimension))
    const name = JSON.stringify(group)
    const found = groups.get(name)
    if (found) addTo(found.sums, sums)
    else groups.set(name, { group, sums: { ...sums } })
  }
  return Array.from(groups.values(), ({ group, sums }) => toGroup(group, sums)).sort(compareGroups)
}

function valueOf(values: UsageValues, dimension: UsageDimension): string | undefined {
  return dimension === 'day' ? formatDay(values.day) : values[dimension]
}

/** A day as `2026-11-28`. */
export function formatDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** Adds `added` to `sums`, in place: there may be many groups. */
export function addTo(sums: UsageSums, added: UsageSums): void {
  sums.requests += added.requests
  sums.errors += added.errors
  sums.promptTokens += added.promptTokens
  sums.cachedTokens += added.cachedTokens
  sums.completionTokens += added.completionTokens
  sums.reasoningTokens += added.reasoningTokens
  sums.promptCharacters += added.promptCharacters
  sums.answerCharacters += added.answerCharacters
  sums.searchUnits += added.searchUnits
  sums.cost += added.cost
  sums.priced += added.priced
  sums.withoutCost += added.withoutCost
  sums.estimated += added.estimated
}

function toGroup(
  group: UsageGroup['group'],
  { cost, priced, estimated, ...sums }: UsageSums,
): UsageGroup {
  return { group, ...sums, cost: priced > 0 ? cost : undefined, estimated: estimated > 0 }
}

function compareGroups({ group: a }: UsageGroup, { group: b }: UsageGroup): number {
  // Not an array method with a callback: there may be a million comparisons.
  for (let index = 0; index < a.length; index++) {
    const left = a[index] ?? ''
    const right = b[index] ?? ''
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

/** The range of a query; its ends are rounded down to days where rows have been deleted. */
export function rangeOf(
  { since = -Infinity, until = Infinity }: Pick<UsageQuery, 'since' | 'until'>,
  deletedBefore: number,
): { since: number; until: number } {
  const round = (time: number) => time < deletedBefore ? Math.floor(time / DAY) * DAY : time
  return { since: round(since), until: round(until) }
}
