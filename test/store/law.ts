import assert from 'node:assert/strict'
import { counterKey } from '../../src/store/reserve.ts'
import type { LedgerRow } from '../../src/store/records.ts'
import type { CounterDemand, CounterName, ReservationResult, Store } from '../../src/store/store.ts'
import type { Arrival, Ending, History, HistoryEvent, HistoryLimits } from './histories.ts'
import { rowOf } from './records.ts'

const START = Date.UTC(2026, 10, 28, 12)
const RESERVED_FOR = 120_000
/** After all histories. */
const END = Date.UTC(2030, 0)

/** A request of a history. */
interface Sent {
  id: string
  arrival: Arrival
  /** Milliseconds of real time, on a clock that is never set back. */
  at: number
  output: number
  /** `lost`: its process has ended. */
  state: 'running' | 'lost' | 'settled' | 'rejected'
}

interface Run {
  store: Store
  history: History
  /** Makes keys and ids unique in the store. */
  prefix: string
  /** Whether requests that arrive together are sent together. */
  isParallel: boolean
  sent: Sent[]
  trace: ReservationResult[]
  /** Every counter that a request needed, with its limit. */
  limits: Map<string, { name: CounterName; limit: number }>
  now: number
  real: number
}

/**
 * Runs a history and checks at every moment that spent + reserved ≤ limit, that a rate is never
 * loosened, and in the end that nothing is reserved and that the ledger's sums are what was spent.
 * Resolves with the results of the reservations.
 */
export async function checkHistory(
  store: Store,
  history: History,
  prefix: string,
  isParallel = true,
): Promise<readonly ReservationResult[]> {
  const run: Run = {
    ...{ store, history, prefix, isParallel, sent: [], trace: [], limits: new Map() },
    ...{ now: START, real: 0 },
  }
  for (const event of history.events) {
    await happen(run, event)
    await checkLimits(run)
  }
  checkRates(run)
  await quiet(run)
  await checkSums(run)
  return run.trace
}

async function happen(run: Run, event: HistoryEvent): Promise<void> {
  switch (event.type) {
    case 'arrive':
      return await arrive(run, event.requests)
    case 'settle':
      return await settle(run, event)
    case 'extend':
      return await extend(run, event.request, event.factor)
    case 'crash': {
      const sent = run.sent[event.request]
      if (sent?.state === 'running') sent.state = 'lost'
      return
    }
    case 'renew': {
      const sent = run.sent[event.request]
      if (sent?.state === 'running') await run.store.renew([sent.id], run.now + RESERVED_FOR)
      return
    }
    case 'expire':
      await run.store.expire(run.now)
      return
    case 'wait':
      run.now += event.ms
      run.real += event.ms
      return
    case 'set back':
      run.now -= event.ms
  }
}

async function arrive(run: Run, requests: readonly Arrival[]): Promise<void> {
  const some = requests.map((arrival, index): Sent => {
    const id = `${run.prefix}-${run.sent.length + index}`
    return { id, arrival, at: run.real, output: 0, state: 'rejected' }
  })
  run.sent.push(...some)
  if (run.isParallel) {
    await Promise.all(some.map((sent) => reserve(run, sent)))
    return
  }
  for (const sent of some) await reserve(run, sent)
}

async function reserve(run: Run, sent: Sent, arrival = sent.arrival): Promise<boolean> {
  const { wanted, minimum, promptTokens, price, key } = arrival
  const demands = demandsOf(run, arrival)
  for (const { limit, fixed: _, perOutputToken: __, ...name } of demands) {
    run.limits.set(counterKey(name), { name, limit })
  }
  const result = await run.store.reserve({
    ...{ id: sent.id, now: run.now, expiresAt: run.now + RESERVED_FOR, demands },
    output: { wanted, minimum },
    worstCase: rowOf(sent.id, {
      ...{ key: `${run.prefix}-${key}`, team: `${run.prefix}-team`, time: run.now, promptTokens },
      ...{ completionTokens: wanted, cost: costOf(arrival, wanted) },
    }),
  })
  run.trace.push(result)
  if (result.type === 'rejected') return false
  assert.ok(result.output >= minimum && result.output <= wanted)
  Object.assign(sent, { output: result.output, arrival, state: 'running' })
  assert.equal(Number.isInteger(price * 2), true)
  return true
}

function costOf({ promptTokens, price }: Arrival, output: number): number {
  return Math.ceil((promptTokens + output) * price)
}

function demandsOf(run: Run, { key, promptTokens, price }: Arrival): CounterDemand[] {
  const { key: keyLimits, team } = run.history
  const ofScope = (scope: string, limits: HistoryLimits): CounterDemand[] => {
    const demand = (
      name: Omit<CounterName, 'scope'>,
      limit: number,
      fixed: number,
      perOutputToken = 0,
    ) => ({ scope, ...name, limit, fixed, perOutputToken })
    const minute = { type: 'minute' } as const
    const none = { type: 'none' } as const
    const { requestsPerMinute, tokensPerMinute, concurrency, tokens, cost } = limits
    return [
      demand({ metric: 'requests', window: minute }, requestsPerMinute, 1),
      demand({ metric: 'tokens', window: minute }, tokensPerMinute, promptTokens, 1),
      demand({ metric: 'concurrency', window: none }, concurrency, 1),
      demand({ metric: 'tokens', window: none }, tokens, promptTokens, 1),
      demand({ metric: 'cost', window: monthOf(run.now) }, cost, promptTokens * price, price),
    ]
  }
  return [
    ...ofScope(`key:${run.prefix}-${key}`, keyLimits),
    ...ofScope(`team:${run.prefix}`, team),
  ]
}

function monthOf(now: number): CounterName['window'] {
  const date = new Date(now)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const id = `month:${new Date(Date.UTC(year, month)).toISOString().slice(0, 10)}`
  return { type: 'calendar', id, renewsAt: Date.UTC(year, month + 1) }
}

async function settle(
  run: Run,
  { request, share, ending, twice }: HistoryEvent & { type: 'settle' },
): Promise<void> {
  const sent = run.sent[request]
  if (sent?.state !== 'running') return
  sent.state = 'settled'
  const settlement = { id: sent.id, row: rowAtEnd(run, sent, ending, share) }
  await run.store.settle(twice ? [settlement, settlement] : [settlement], run.now)
  const other = rowAtEnd(run, sent, 'complete', 1)
  if (twice) await run.store.settle([{ id: sent.id, row: other }], run.now)
}

function rowAtEnd(
  run: Run,
  { id, arrival, output }: Sent,
  ending: Ending,
  share: number,
): LedgerRow {
  const used = ending === 'refused' ? 0 : ending === 'no usage' ? 1 : share
  const promptTokens = ending === 'refused' ? 0 : Math.floor(arrival.promptTokens * share)
  const completionTokens = Math.floor(output * used)
  return rowOf(id, {
    ...{ key: `${run.prefix}-${arrival.key}`, team: `${run.prefix}-team`, time: run.now },
    ...{ promptTokens, completionTokens, estimated: ending === 'no usage' },
    cost: costOf({ ...arrival, promptTokens }, completionTokens),
    status: ending === 'refused' ? 400 : 200,
    outcome: ending === 'aborted' ? 'client_closed' : ending === 'refused' ? 'failed' : 'complete',
  })
}

async function extend(run: Run, request: number, factor: number): Promise<void> {
  const sent = run.sent[request]
  if (sent?.state !== 'running') return
  const { arrival } = sent
  const promptTokens = Math.ceil(arrival.promptTokens * factor)
  await reserve(run, sent, { ...arrival, promptTokens })
}

async function checkLimits({ store, limits, now }: Run): Promise<void> {
  const counters = [...limits.values()]
  const states = await store.counters(counters.map(({ name }) => name), now)
  for (const [index, { spent, reserved }] of states.entries()) {
    const { limit = 0, name } = counters[index] ?? {}
    const message = `${JSON.stringify(name)}: ${spent} + ${reserved} of ${limit}`
    assert.ok(spent >= 0 && reserved >= 0 && spent + reserved <= limit, message)
  }
}

/** Each minute has at most the limit, so that more than twice the limit takes more than a minute. */
function checkRates({ sent, history }: Run): void {
  for (const key of [0, 1]) {
    const times = sent.filter(({ arrival, state }) => arrival.key === key && state !== 'rejected')
      .map(({ at }) => at)
    const most = 2 * history.key.requestsPerMinute
    for (const [index, time] of times.entries()) {
      const later = times[index + most]
      assert.ok(
        later === undefined || later - time >= 60_000,
        `requests ${index} to ${index + most}`,
      )
    }
  }
}

/** All requests end: the lost ones by expiry. */
async function quiet(run: Run): Promise<void> {
  for (const [request, { state }] of run.sent.entries()) {
    if (state === 'running' && request % 2 === 0) {
      await settle(run, { type: 'settle', request, share: 0.5, ending: 'cut', twice: false })
    }
  }
  await run.store.expire(END)
  await checkLimits(run)
}

async function checkSums({ store, limits, prefix, now, sent }: Run): Promise<void> {
  const names = [...limits.values()].map(({ name }) => name)
  const states = await store.counters(names, now)
  assert.deepEqual(states.filter(({ reserved }) => reserved !== 0), [])
  for (const key of [0, 1]) {
    const [sum] = await store.usage({ by: ['key'], key: `${prefix}-${key}` })
    const spentOf = (metric: CounterName['metric']) =>
      states.filter((state) =>
        state.scope === `key:${prefix}-${key}` && state.metric === metric &&
        state.window.type !== 'minute'
      ).reduce((all, { spent }) => all + BigInt(spent), 0n)
    assert.equal(spentOf('tokens'), BigInt((sum?.promptTokens ?? 0) + (sum?.completionTokens ?? 0)))
    assert.equal(spentOf('cost'), sum?.cost ?? 0n)
    const accepted = sent.filter(({ arrival, state }) =>
      arrival.key === key && state !== 'rejected'
    )
    assert.equal(sum?.requests ?? 0, accepted.length)
  }
}
