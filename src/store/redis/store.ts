import type { LedgerRow } from '../records.ts'
import { counterKey, type CounterValue, expiredRow, readCounter } from '../reserve.ts'
import type {
  CounterDemand,
  CounterName,
  CounterState,
  Reservation,
  ReservationResult,
  Settlement,
  Store,
} from '../store.ts'

/** What the store needs of a client of Redis. */
export interface RedisClient {
  /** Runs the script of `script.ts` with the arguments that follow its key. */
  run(operation: string, ...values: string[]): Promise<readonly string[]>
  close(): Promise<void>
}

/** Values of one counter in an answer of the script. */
const WIDTH = 4

/**
 * A store whose counters and reservations are in Redis, and everything else in `rest`. `rest` also
 * has what was spent of budgets: if Redis has lost a counter, it begins with that.
 *
 * The ledger is written first. A process that ends before Redis is settled leaves a reservation that
 * expires to the row of the ledger.
 */
export function createRedisStore(rest: Store, redis: RedisClient): Store {
  const counted: Counted = { rest, redis }
  return {
    ...rest,
    reserve: (reservation) => reserve(counted, reservation),
    settle: (settlements, now) => settle(counted, settlements, now),
    renew: async (ids, expiresAt) => void await call(redis, 'renew', { ids, expiresAt }),
    expire: (now) => expire(counted, now),
    counters: (names, now) => readCounters(counted, names, now),
    async ping() {
      await Promise.all([rest.ping(), call(redis, 'renew', { ids: [], expiresAt: 0 })])
    },
    async close() {
      await Promise.all([rest.close(), redis.close()])
    },
  }
}

interface Counted {
  rest: Store
  redis: RedisClient
}

async function reserve(counted: Counted, reservation: Reservation): Promise<ReservationResult> {
  const { id, now, expiresAt, demands, output: { wanted, minimum }, worstCase } = reservation
  const input = { id, now, expiresAt, wanted, minimum, demands: demands.map(toDemand) }
  const kept: KeptReservation = { id, demands, output: { wanted, minimum }, worstCase }
  const run = () => call(counted.redis, 'reserve', input, JSON.stringify(kept))
  const [type, value, ...values] = await seeded(counted, demands, now, run)
  const raw = readValues(values)
  if (type === 'rejected') {
    const demand = demands[Number(value)]
    if (!demand) throw new Error('Redis rejected an unknown demand')
    return { type, demand, states: demands.map((name, at) => readCounter(name, raw[at], now)) }
  }
  const states = demands.map(({ scope, metric, window }, at): CounterState => {
    const { spent = 0, reserved = 0, endsAt } = raw[at] ?? {}
    return { scope, metric, window, spent, reserved, renewsAt: endsAt }
  })
  return { type: 'reserved', output: Number(value), states }
}

/** What Redis keeps to settle a reservation to its worst case. */
type KeptReservation = Pick<Reservation, 'id' | 'demands' | 'output' | 'worstCase'>

interface ScriptCounter {
  key: string
  metric: CounterName['metric']
  window: CounterName['window']['type']
  renewsAt?: number
  /** Whether `rest` knows what was spent. */
  durable: boolean
}

function toCounter(name: CounterName): ScriptCounter {
  const { metric, window } = name
  return {
    key: counterKey(name),
    ...{ metric, window: window.type, durable: isDurable(name) },
    ...window.type === 'calendar' ? { renewsAt: window.renewsAt } : {},
  }
}

function toDemand(demand: CounterDemand): ScriptCounter & Omit<CounterDemand, keyof CounterName> {
  const { limit, fixed, perOutputToken } = demand
  return { ...toCounter(demand), limit, fixed, perOutputToken }
}

/** Budgets, as opposed to rates and concurrency. */
function isDurable({ metric, window }: CounterName): boolean {
  return window.type !== 'minute' && (metric === 'cost' || metric === 'tokens')
}

/** Runs an operation. If Redis lacks a budget, it is set from `rest` first. */
async function seeded(
  { rest, redis }: Counted,
  names: readonly CounterName[],
  now: number,
  run: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const answer = await run()
  if (answer[0] !== 'missing') return answer
  const missing = answer.slice(1).flatMap((index) => names[Number(index)] ?? [])
  const states = await rest.counters(missing, now)
  const counters = states.map((state) => ({ ...toCounter(state), spent: state.spent }))
  await call(redis, 'seed', { now, counters })
  return await seeded({ rest, redis }, names, now, run)
}

function readValues(values: readonly string[]): (CounterValue | undefined)[] {
  return Array.from({ length: values.length / WIDTH }, (_, index) => {
    const [spent, reserved, window, endsAt] = values.slice(index * WIDTH, (index + 1) * WIDTH)
    if (!spent) return undefined
    return {
      spent: Number(spent),
      reserved: Number(reserved),
      window: Number(window),
      endsAt: endsAt ? Number(endsAt) : undefined,
    }
  })
}

async function settle(
  { rest, redis }: Counted,
  settlements: readonly Settlement[],
  now: number,
): Promise<void> {
  if (settlements.length === 0) return
  const ids = settlements.map(({ id }) => id)
  const kept = readKept(await call(redis, 'describe', { now, ids }))
  await rest.settle(
    settlements.map(({ id, row, charge = [] }, index) => {
      const names = kept[index]?.kept.demands ?? charge
      return { id, row, charge: names.filter(isDurable) }
    }),
    now,
  )
  // The ledger may have another row of the request, which was written first.
  const rows = new Map((await rest.findRows(ids)).map((row) => [row.id, row]))
  await call(redis, 'settle', {
    now,
    settlements: settlements.map(({ id, row, charge = [] }) =>
      toSettlement(rows.get(id) ?? row, {
        ...{ id, charge },
      })
    ),
  })
}

function toSettlement(
  { promptTokens, completionTokens, cost = 0 }: LedgerRow,
  { id, charge }: { id: string; charge: readonly CounterName[] },
) {
  return { id, tokens: promptTokens + completionTokens, cost, charge: charge.map(toCounter) }
}

/** Settles expired reservations in portions. Several processes may do it at the same time. */
async function expire(counted: Counted, now: number): Promise<number> {
  let sum = 0
  for (;;) {
    const expired = readKept(await call(counted.redis, 'expired', { now }))
    const settlements = expired.flatMap((found) => {
      if (!found) return []
      const { kept, output } = found
      return [{ id: kept.id, row: expiredRow(kept, output) }]
    })
    if (settlements.length === 0) return sum
    await settle(counted, settlements, now)
    sum += settlements.length
  }
}

function readKept(
  values: readonly string[],
): ({ kept: KeptReservation; output: number } | undefined)[] {
  return Array.from({ length: values.length / 2 }, (_, index) => {
    const [text, output] = values.slice(index * 2, index * 2 + 2)
    return text ? { kept: JSON.parse(text), output: Number(output) } : undefined
  })
}

async function readCounters(
  counted: Counted,
  names: readonly CounterName[],
  now: number,
): Promise<CounterState[]> {
  const input = { now, counters: names.map(toCounter) }
  const [, ...values] = await seeded(counted, names, now, () => call(counted.redis, 'read', input))
  const raw = readValues(values)
  return names.map((name, index) => readCounter(name, raw[index], now))
}

function call(
  redis: RedisClient,
  operation: string,
  input: unknown,
  ...values: string[]
): Promise<readonly string[]> {
  return redis.run(operation, JSON.stringify(input), ...values)
}
