import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { CounterName, CounterState, Store } from '../../src/store/store.ts'
import type { WithStore } from './contract.ts'
import { demandOf, NOVEMBER, reservationOf, rowOf } from './records.ts'

const TOTAL: CounterName = { scope: 'key:k1', metric: 'tokens', window: { type: 'none' } }
const MINUTE: CounterName = { scope: 'key:k1', metric: 'requests', window: { type: 'minute' } }
const AT_ONCE: CounterName = { scope: 'key:k1', metric: 'concurrency', window: { type: 'none' } }
const COST: CounterName = { scope: 'team:ü|x', metric: 'cost', window: NOVEMBER.window }
const NOW = 1_000_000

/** Tests reservations, settlements and counters. */
export function testCounters(withStore: WithStore): void {
  it('reserves the largest output that fits all limits', withStore(reservesTheLargestOutput))
  it('reserves nothing if one demand does not fit', withStore(reservesNothing))
  it('reserves only up to the limit when requests arrive together', withStore(reservesTogether))
  it('settles to what was used, once', withStore(settlesOnce))
  it('keeps the costs of a dear month exactly', withStore(keepsLargeNumbers))
  it('replaces a reservation of the same id, or keeps it', withStore(replaces))
  it('begins a minute with its first request', withStore(beginsMinutes))
  it('keeps the counts when the clock is set back', withStore(keepsCounts))
  it('has one counter for each calendar window', withStore(separatesWindows))
  it('settles an expired reservation to its worst case', withStore(expires))
  it('reserves no more than the output that fits when it expires', withStore(expiresToReserved))
  it('keeps a renewed reservation', withStore(renews))
  it('writes the row of a request that was not reserved, and charges it', withStore(charges))
}

/** Reads `spent` and `reserved` of counters. */
async function read(store: Store, names: readonly CounterName[], now = NOW): Promise<number[][]> {
  return (await store.counters(names, now)).map(({ spent, reserved }) => [spent, reserved])
}

function countsOf(states: readonly CounterState[]): number[][] {
  return states.map(({ spent, reserved }) => [spent, reserved])
}

async function reservesTheLargestOutput(store: Store): Promise<void> {
  const demands = [
    demandOf(TOTAL, 1000, 100, 1),
    demandOf(COST, 5000, 500, 10),
    demandOf(MINUTE, 10, 1),
    demandOf(AT_ONCE, 2, 1),
  ]
  const first = await store.reserve(
    reservationOf('r1', demands, { output: { wanted: 400, minimum: 1 } }),
  )
  assert.equal(first.type, 'reserved')
  assert.equal(first.type === 'reserved' && first.output, 400)
  assert.deepEqual(countsOf(first.states), [[0, 500], [0, 4500], [0, 1], [0, 1]])
  assert.deepEqual(first.states.map(({ renewsAt }) => renewsAt), [
    undefined,
    Date.UTC(2026, 11),
    NOW + 60_000,
    undefined,
  ])
  assert.deepEqual(first.states.map(({ scope, metric, window }) => ({ scope, metric, window })), [
    TOTAL,
    COST,
    MINUTE,
    AT_ONCE,
  ])
  assert.deepEqual(await store.counters([TOTAL, COST, MINUTE, AT_ONCE], NOW), first.states)
  await store.settle([{ id: 'r1', row: rowOf('r1', { cost: 600 }) }], NOW)
  const second = await store.reserve(
    reservationOf('r2', demands, { output: { wanted: 400, minimum: 1 } }),
  )
  // 5000 - 600 - 500 is enough for 390 tokens.
  assert.equal(second.type === 'reserved' && second.output, 390)
  assert.deepEqual(countsOf(second.states), [[15, 490], [600, 4400], [1, 1], [0, 1]])
}

async function reservesNothing(store: Store): Promise<void> {
  const fits = demandOf(MINUTE, 10, 1)
  const tooLarge = demandOf(TOTAL, 100, 99, 1)
  const result = await store.reserve(
    reservationOf('r1', [fits, tooLarge], { output: { wanted: 50, minimum: 2 } }),
  )
  assert.equal(result.type, 'rejected')
  assert.deepEqual(result.type === 'rejected' && result.demand, tooLarge)
  assert.deepEqual(countsOf(result.states), [[0, 0], [0, 0]])
  assert.deepEqual(await read(store, [MINUTE, TOTAL]), [[0, 0], [0, 0]])
  assert.equal(await store.expire(NOW + 1e9), 0)
}

async function reservesTogether(store: Store): Promise<void> {
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const demands = [demandOf(AT_ONCE, 7, 1), demandOf(COST, 1000, 10)]
      return store.reserve(
        reservationOf(`r${index}`, index % 2 ? demands : demands.toReversed()),
      )
    }),
  )
  assert.equal(results.filter(({ type }) => type === 'reserved').length, 7)
  assert.deepEqual(await read(store, [AT_ONCE, COST]), [[0, 7], [0, 70]])
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const id = `r${index}`
      return store.settle([{ id, row: rowOf(id, { cost: 1 }) }], NOW)
    }),
  )
  assert.deepEqual(await read(store, [AT_ONCE, COST]), [[0, 0], [7, 0]])
}

async function settlesOnce(store: Store): Promise<void> {
  const names = [TOTAL, COST, MINUTE, AT_ONCE]
  const demands = names.map((name) => demandOf(name, 1e9, name.metric === 'requests' ? 1 : 900))
  await store.reserve(reservationOf('r1', demands))
  await store.reserve(reservationOf('r2', demands))
  const refused = { promptTokens: 0, completionTokens: 0, cost: undefined, status: 400 }
  await store.settle([
    { id: 'r1', row: rowOf('r1') },
    { id: 'r2', row: rowOf('r2', refused) },
    { id: 'r1', row: rowOf('r1', { cost: 7 }) },
  ], NOW)
  await store.settle([{ id: 'r1', row: rowOf('r1', { cost: 9 }), charge: names }], NOW)
  assert.deepEqual(await read(store, [TOTAL, COST]), [[15, 0], [1000, 0]])
  assert.deepEqual(await read(store, [MINUTE, AT_ONCE]), [[2, 0], [0, 0]])
  assert.equal((await store.findRows(['r1', 'r2', 'r3'])).length, 2)
}

async function keepsLargeNumbers(store: Store): Promise<void> {
  const million = 1_000_000_000_000_001
  await store.reserve(reservationOf('r1', [demandOf(COST, Number.MAX_SAFE_INTEGER, million)]))
  assert.deepEqual(await read(store, [COST]), [[0, million]])
  await store.settle([{ id: 'r1', row: rowOf('r1', { cost: million }) }], NOW)
  assert.deepEqual(await read(store, [COST]), [[million, 0]])
  const row = rowOf('r2', { cost: Number.MAX_SAFE_INTEGER })
  await store.settle([{ id: 'r2', row }, { id: 'r3', row: { ...row, id: 'r3' } }], NOW)
  const [sum] = await store.usage({ by: [] })
  assert.equal(sum?.cost, BigInt(million) + 2n * BigInt(Number.MAX_SAFE_INTEGER))
}

async function replaces(store: Store): Promise<void> {
  const small = [demandOf(TOTAL, 1000, 400), demandOf(AT_ONCE, 1, 1)]
  assert.equal((await store.reserve(reservationOf('r1', small))).type, 'reserved')
  const larger = [demandOf(TOTAL, 1000, 900), demandOf(COST, 10, 5), demandOf(AT_ONCE, 1, 1)]
  assert.equal((await store.reserve(reservationOf('r1', larger))).type, 'reserved')
  assert.deepEqual(await read(store, [TOTAL, COST, AT_ONCE]), [[0, 900], [0, 5], [0, 1]])
  const tooLarge = [demandOf(TOTAL, 1000, 1001)]
  assert.equal((await store.reserve(reservationOf('r1', tooLarge))).type, 'rejected')
  assert.deepEqual(await read(store, [TOTAL, COST, AT_ONCE]), [[0, 900], [0, 5], [0, 1]])
  await store.settle([{ id: 'r1', row: rowOf('r1', { cost: 4 }) }], NOW)
  assert.deepEqual(await read(store, [TOTAL, COST, AT_ONCE]), [[15, 0], [4, 0], [0, 0]])
}

async function beginsMinutes(store: Store): Promise<void> {
  const demands = [demandOf(MINUTE, 2, 1)]
  const reserve = async (id: string, now: number) =>
    (await store.reserve(reservationOf(id, demands, { now }))).type
  assert.equal(await reserve('r1', NOW), 'reserved')
  assert.equal(await reserve('r2', NOW + 30_000), 'reserved')
  assert.equal(await reserve('r3', NOW + 59_999), 'rejected')
  assert.equal(await reserve('r3', NOW + 60_000), 'reserved')
  assert.equal(await reserve('r4', NOW + 119_999), 'reserved')
  assert.equal(await reserve('r5', NOW + 119_999), 'rejected')
  // Reservations of the minute before do not change this one.
  await store.settle(['r1', 'r2'].map((id) => ({ id, row: rowOf(id) })), NOW + 119_999)
  assert.deepEqual(await read(store, [MINUTE], NOW + 119_999), [[0, 2]])
  await store.settle([{ id: 'r3', row: rowOf('r3') }], NOW + 119_999)
  assert.deepEqual(await read(store, [MINUTE], NOW + 119_999), [[1, 1]])
  assert.deepEqual(await read(store, [MINUTE], NOW + 120_000), [[0, 0]])
  assert.deepEqual((await store.counters([MINUTE], NOW + 120_000))[0]?.renewsAt, undefined)
}

async function keepsCounts(store: Store): Promise<void> {
  const demands = [demandOf(MINUTE, 1, 1)]
  const reserve = async (id: string, now: number) =>
    (await store.reserve(reservationOf(id, demands, { now }))).type
  const day = 1440 * 60_000
  assert.equal(await reserve('r1', NOW + day), 'reserved')
  assert.equal(await reserve('r2', NOW + day - 10_000), 'rejected')
  assert.equal(await reserve('r2', NOW), 'rejected')
  assert.equal((await store.counters([MINUTE], NOW))[0]?.renewsAt, NOW + 60_000)
  assert.equal(await store.expire(NOW), 0)
}

async function separatesWindows(store: Store): Promise<void> {
  const december: CounterName = {
    ...NOVEMBER,
    window: { type: 'calendar', id: 'month:2026-12-01', renewsAt: Date.UTC(2027, 0) },
  }
  await store.reserve(reservationOf('r1', [demandOf(NOVEMBER, 20, 20)]))
  await store.reserve(reservationOf('r2', [demandOf(december, 20, 18)]))
  await store.settle([{ id: 'r1', row: rowOf('r1') }], NOW)
  assert.deepEqual(await read(store, [NOVEMBER, december]), [[15, 0], [0, 18]])
  const late = await store.reserve(reservationOf('r3', [demandOf(NOVEMBER, 20, 6)]))
  assert.equal(late.type, 'rejected')
  assert.deepEqual(late.states[0]?.renewsAt, Date.UTC(2026, 11))
}

async function expires(store: Store): Promise<void> {
  const demands = [demandOf(TOTAL, 1000, 200), demandOf(COST, 9000, 5000), demandOf(AT_ONCE, 9, 1)]
  await store.reserve(reservationOf('r1', demands))
  await store.reserve(reservationOf('r2', demands.slice(0, 1), { now: NOW + 1 }))
  assert.equal(await store.expire(NOW + 59_999), 0)
  assert.equal(await store.expire(NOW + 60_000), 1)
  assert.deepEqual(await read(store, [TOTAL, COST, AT_ONCE]), [[200, 200], [5000, 0], [0, 0]])
  const [row] = await store.findRows(['r1'])
  assert.deepEqual(
    row,
    rowOf('r1', {
      ...{ promptTokens: 100, completionTokens: 100, cost: 5000, outcome: 'expired' },
    }),
  )
  await store.settle([{ id: 'r1', row: rowOf('r1') }], NOW + 70_000)
  assert.deepEqual(await read(store, [TOTAL, COST]), [[200, 200], [5000, 0]])
  assert.equal(await store.expire(NOW + 60_001), 1)
}

async function expiresToReserved(store: Store): Promise<void> {
  const demands = [demandOf(TOTAL, 150, 100, 1), demandOf(COST, 3000, 1000, 40)]
  const reserved = await store.reserve(
    reservationOf('r1', demands, { output: { wanted: 100, minimum: 1 } }),
  )
  assert.equal(reserved.type === 'reserved' && reserved.output, 50)
  await store.expire(NOW + 60_000)
  assert.deepEqual(await read(store, [TOTAL, COST]), [[150, 0], [3000, 0]])
}

async function renews(store: Store): Promise<void> {
  await store.reserve(reservationOf('r1', [demandOf(TOTAL, 1000, 200)]))
  await store.reserve(reservationOf('r2', [demandOf(TOTAL, 1000, 200)]))
  await store.renew(['r1', 'unknown'], NOW + 90_000)
  await store.renew(['r1'], NOW)
  assert.equal(await store.expire(NOW + 89_999), 1)
  assert.deepEqual(await read(store, [TOTAL]), [[200, 200]])
  assert.equal(await store.expire(NOW + 90_000), 1)
}

async function charges(store: Store): Promise<void> {
  await store.settle([{ id: 'r1', row: rowOf('r1') }], NOW)
  assert.deepEqual(await read(store, [TOTAL, MINUTE]), [[0, 0], [0, 0]])
  const settlement = { id: 'r2', row: rowOf('r2'), charge: [TOTAL, MINUTE, COST] }
  await store.settle([settlement], NOW)
  await store.settle([settlement], NOW)
  assert.deepEqual(await read(store, [TOTAL, MINUTE, COST]), [[15, 0], [1, 0], [1000, 0]])
  assert.equal((await store.findRows(['r1', 'r2'])).length, 2)
}
