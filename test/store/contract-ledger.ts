import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { LedgerRow } from '../../src/store/records.ts'
import type { Store, UsageDimension, UsageQuery } from '../../src/store/store.ts'
import type { WithStore } from './contract.ts'
import { expectedUsage } from './expected-usage.ts'
import { demandOf, NOVEMBER, reservationOf, rowOf } from './records.ts'

const HOUR = 3_600_000
/** Rows begin in the middle of a day and of a month. */
const START = Date.UTC(2026, 8, 17, 5, 30)

/** 400 rows over 71 days: each dimension has several values. */
const ROWS = Array.from({ length: 400 }, (_, index): LedgerRow =>
  rowOf(`row-${index}`, {
    time: START + index * 4.25 * HOUR,
    key: `k${index % 7}`,
    team: index % 7 > 4 ? undefined : `team-${index % 2}`,
    model: `model-${index % 3}`,
    region: index % 11 === 0 ? undefined : `region-${index % 2}`,
    person: index % 5 === 0 ? undefined : `person-${index % 5}`,
    session: index % 4 === 0 ? undefined : `session-${index % 13}`,
    promptTokens: index,
    completionTokens: 1000 - index,
    searchUnits: index % 2,
    cost: index % 9 === 0 ? undefined : index * 1_000_003,
    estimated: index % 10 === 0,
    status: index % 17 === 0 ? 500 : 200,
    outcome: index % 17 === 0 ? 'failed' : index % 19 === 0 ? 'client_closed' : 'complete',
  }))

/** Tests the ledger. */
export function testLedger(withStore: WithStore, everyQuery: number): void {
  it('returns rows as they were written, oldest first', withStore(returnsRows))
  it(
    'adds up usage by any dimensions, range, key and team',
    withStore((store) => addsUp(store, everyQuery)),
  )
  it(
    'keeps the sums of deleted rows, without persons and sessions',
    withStore((store) => keepsSums(store, everyQuery)),
  )
}

async function settleAll(store: Store, rows: readonly LedgerRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 30) {
    const some = rows.slice(start, start + 30)
    await store.settle(some.map((row) => ({ id: row.id, row })), START)
  }
}

async function returnsRows(store: Store): Promise<void> {
  const sparse = rowOf('sparse', {
    ...{ team: undefined, region: undefined, endpoint: undefined, cost: undefined, key: '' },
    ...{ partNumber: undefined, pricesAsOf: undefined, opcRequestId: undefined },
    ...{ firstTokenMs: undefined, estimated: true, person: 'ü "x"', time: START - 1 },
  })
  await settleAll(store, [...ROWS.toReversed(), sparse])
  assert.deepEqual(await Array.fromAsync(store.rows({})), [sparse, ...ROWS])
  const filtered = await Array.fromAsync(
    store.rows({ since: ROWS[3]?.time, until: ROWS[50]?.time, key: 'k3', team: 'team-1' }),
  )
  const expected = ROWS.slice(3, 50).filter(({ key, team }) => key === 'k3' && team === 'team-1')
  assert.ok(expected.length > 2)
  assert.deepEqual(filtered, expected)
}

const DIMENSIONS: readonly (readonly UsageDimension[])[] = [
  ...[[], ['key'], ['team'], ['model'], ['region'], ['day'], ['person'], ['session']] as const,
  ...[['key', 'model'], ['day', 'team'], ['person', 'model'], ['region', 'key', 'day']] as const,
  ['session', 'day', 'person'],
]
const FILTERS: readonly Omit<UsageQuery, 'by'>[] = [
  {},
  { key: 'k3' },
  { team: 'team-0' },
  { key: 'k2', team: 'team-1' },
  { key: 'unknown' },
]
const RANGES: readonly Pick<UsageQuery, 'since' | 'until'>[] = [
  {},
  { since: Date.UTC(2026, 9, 1) },
  { until: Date.UTC(2026, 10, 1) },
  { since: Date.UTC(2026, 9, 1), until: Date.UTC(2026, 9, 2) },
  { since: Date.UTC(2026, 8, 20, 13), until: Date.UTC(2026, 10, 20, 4, 15) },
  { since: Date.UTC(2026, 9, 10, 1), until: Date.UTC(2026, 9, 10, 20) },
  { since: Date.UTC(2026, 9, 10, 20), until: Date.UTC(2026, 9, 11, 3) },
  { since: Date.UTC(2027, 0) },
]

/** Some combinations of the members of a query. */
function queries(
  every: number,
  ranges: readonly Pick<UsageQuery, 'since' | 'until'>[],
): UsageQuery[] {
  const all = DIMENSIONS.flatMap((by) =>
    FILTERS.flatMap((filter) => ranges.map((range) => ({ by, ...filter, ...range })))
  )
  return all.filter((_, index) => index % every === 0)
}

async function addsUp(store: Store, every: number): Promise<void> {
  await settleAll(store, ROWS)
  for (const query of queries(every, RANGES)) {
    const message = JSON.stringify(query)
    assert.deepEqual(await store.usage(query), expectedUsage(ROWS, query), message)
  }
}

async function keepsSums(store: Store, every: number): Promise<void> {
  await settleAll(store, ROWS)
  const deletedBefore = Date.UTC(2026, 9, 5)
  const old = ROWS.filter(({ time }) => time < deletedBefore)
  // Only whole days are deleted.
  assert.equal(await store.deleteRows(deletedBefore + 7 * HOUR), old.length)
  assert.equal(await store.deleteRows(deletedBefore - 7 * HOUR), 0)
  assert.deepEqual(await Array.fromAsync(store.rows({})), ROWS.slice(old.length))
  const kept = ROWS.map((row) => {
    return row.time < deletedBefore ? { ...row, person: undefined, session: undefined } : row
  })
  for (const query of queries(every, [{}])) {
    assert.deepEqual(await store.usage(query), expectedUsage(kept, query), JSON.stringify(query))
  }
  const inDeletedDays = { since: Date.UTC(2026, 8, 20, 13), until: Date.UTC(2026, 8, 25, 2) }
  const wholeDays = { since: Date.UTC(2026, 8, 20), until: Date.UTC(2026, 8, 25) }
  assert.deepEqual(
    await store.usage({ by: ['key'], ...inDeletedDays }),
    expectedUsage(kept, { by: ['key'], ...wholeDays }),
  )
  const across = { since: Date.UTC(2026, 8, 20), until: Date.UTC(2026, 10, 3, 7) }
  assert.deepEqual(
    await store.usage({ by: ['person'], ...across }),
    expectedUsage(kept, { by: ['person'], ...across }),
  )
}

/** Tests that counters are deleted with the rows. Redis deletes its counters by its own clock. */
export async function deletesCounters(store: Store): Promise<void> {
  const now = START
  const demands = [demandOf({ window: { type: 'minute' } }, 10, 1), demandOf(NOVEMBER, 100, 20)]
  await store.reserve(reservationOf('r1', demands, { now }))
  await store.settle([{ id: 'r1', row: rowOf('r1') }], now)
  await store.deleteRows(Date.UTC(2026, 10, 29))
  const read = async () => (await store.counters([NOVEMBER], now)).map(({ spent }) => spent)
  assert.deepEqual(await read(), [15])
  await store.deleteRows(Date.UTC(2026, 11, 2))
  assert.deepEqual(await read(), [0])
}
