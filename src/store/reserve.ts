import type { LedgerRow } from './records.ts'
import type {
  CounterDemand,
  CounterMetric,
  CounterName,
  CounterState,
  Reservation,
} from './store.ts'

/** The length of a rate window, in milliseconds. */
export const MINUTE = 60_000

/** What a store keeps of one counter. */
export interface CounterValue {
  spent: number
  reserved: number
  /** Identifies the minute, so that a late settlement does not change the next one; 0 otherwise. */
  window: number
  /** Milliseconds since the epoch; `undefined` for a counter that is never renewed. */
  endsAt: number | undefined
}

/** What a reservation holds of one counter. */
export interface HeldPart {
  /** The counter's key, from `counterKey`. */
  key: string
  metric: CounterMetric
  window: number
  amount: number
}

/** A reservation as a store keeps it. */
export interface HeldReservation {
  id: string
  expiresAt: number
  parts: readonly HeldPart[]
  /** The ledger row that is written if the reservation expires. */
  row: LedgerRow
}

/** A decision about a reservation, with the changed counters by their keys. */
export type Decision =
  | {
    type: 'reserved'
    output: number
    states: readonly CounterState[]
    values: ReadonlyMap<string, CounterValue>
    held: HeldReservation
  }
  | { type: 'rejected'; demand: CounterDemand; states: readonly CounterState[] }

/**
 * Decides whether the worst case of a request fits all its counters. Reserves the largest output that
 * fits. `stored` has the counters of the demands and of `previous`, the reservation that is replaced.
 */
export function decide(
  reservation: Reservation,
  stored: ReadonlyMap<string, CounterValue>,
  previous?: Pick<HeldReservation, 'parts'>,
): Decision {
  const { demands, now, output: { wanted, minimum } } = reservation
  const released = previous ? release(previous, stored) : new Map<string, CounterValue>()
  const opened = demands.map((demand) => {
    const key = counterKey(demand)
    return { demand, key, value: openCounter(demand, released.get(key) ?? stored.get(key), now) }
  })
  const fits = opened.map(({ demand, value }) => largestOutput(demand, value, wanted))
  const rejected = demands.find((_, index) => (fits[index] ?? -1) < minimum)
  if (rejected) {
    const states = demands.map((demand) => readCounter(demand, stored.get(counterKey(demand)), now))
    return { type: 'rejected', demand: rejected, states }
  }
  const output = Math.min(wanted, ...fits)
  const parts = opened.map(({ demand, key, value }) => {
    return { key, metric: demand.metric, window: value.window, amount: amountOf(demand, output) }
  })
  const reserved = opened.map(({ demand, key, value }) => {
    return [key, { ...value, reserved: value.reserved + amountOf(demand, output) }] as const
  })
  const values = new Map([...released, ...reserved])
  const states = opened.map(({ demand, key }) => stateOf(demand, values.get(key)))
  const { id, expiresAt } = reservation
  const held = { id, expiresAt, parts, row: expiredRow(reservation, output) }
  return { type: 'reserved', output, states, values, held }
}

/** The unique key of a counter. The scope is last, because it may contain any character. */
export function counterKey({ scope, metric, window }: CounterName): string {
  return `${metric}|${window.type === 'calendar' ? window.id : window.type}|${scope}`
}

/** The counter for a request that arrives `now`: a new one if there is none or its minute is over. */
export function openCounter(
  { window }: CounterName,
  stored: CounterValue | undefined,
  now: number,
): CounterValue {
  switch (window.type) {
    case 'minute':
      return openMinute(stored, now)
    case 'calendar':
      return { ...(stored ?? EMPTY), endsAt: window.renewsAt }
    case 'none':
      return stored ?? EMPTY
  }
}

const EMPTY: CounterValue = { spent: 0, reserved: 0, window: 0, endsAt: undefined }

/**
 * A clock that is set back keeps the counts of the minute. The minute then ends later, but at most a
 * minute from now: otherwise a clock that was a day ahead would close a key for a day.
 */
function openMinute(stored: CounterValue | undefined, now: number): CounterValue {
  const { endsAt = -Infinity, window = -Infinity } = stored ?? {}
  if (!stored || now >= endsAt) {
    return { spent: 0, reserved: 0, window: Math.max(now, window + 1), endsAt: now + MINUTE }
  }
  const isSetBack = now < endsAt - 2 * MINUTE
  return isSetBack ? { ...stored, endsAt: now + MINUTE } : stored
}

/** The state of a counter `now`. A minute that has not begun is empty and has no end. */
export function readCounter(
  name: CounterName,
  stored: CounterValue | undefined,
  now: number,
): CounterState {
  const isOver = name.window.type === 'minute' && (!stored || now >= (stored.endsAt ?? 0))
  return stateOf(name, isOver ? EMPTY : openCounter(name, stored, now))
}

/** The largest output of at most `wanted` tokens that fits, or -1 if even none does not. */
function largestOutput(demand: CounterDemand, value: CounterValue, wanted: number): number {
  const free = demand.limit - value.spent - value.reserved
  if (amountOf(demand, wanted) <= free) return wanted
  if (amountOf(demand, 0) > free || demand.perOutputToken <= 0) return -1
  const output = Math.floor((free - demand.fixed) / demand.perOutputToken)
  // A fraction that is rounded up may take one unit more than is free.
  return amountOf(demand, output) <= free ? output : output - 1
}

function amountOf({ fixed, perOutputToken }: CounterDemand, output: number): number {
  return Math.ceil(fixed + perOutputToken * output)
}

function stateOf(
  { scope, metric, window }: CounterName,
  { spent, reserved, endsAt }: CounterValue = EMPTY,
): CounterState {
  return { scope, metric, window, spent, reserved, renewsAt: endsAt }
}

function release(
  { parts }: Pick<HeldReservation, 'parts'>,
  stored: ReadonlyMap<string, CounterValue>,
): Map<string, CounterValue> {
  return new Map(parts.flatMap((part) => {
    const value = stored.get(part.key)
    if (value?.window !== part.window) return []
    return [[part.key, { ...value, reserved: value.reserved - part.amount }] as const]
  }))
}

/** The change of one counter by a settlement. It applies only while `window` is the counter's. */
export interface CounterChange {
  key: string
  window: number
  spent: number
  reserved: number
}

/** The changes of the counters of a reservation that is settled; without `row` it is released. */
export function settledChanges(
  { parts }: HeldReservation,
  row: LedgerRow | undefined,
): CounterChange[] {
  return parts.map(({ key, window, metric, amount }) => {
    return { key, window, spent: row ? usedOf(metric, row, amount) : 0, reserved: -amount }
  })
}

/** The counter after a request that was settled without a reservation. */
export function chargeCounter(
  name: CounterName,
  stored: CounterValue | undefined,
  row: LedgerRow,
  now: number,
): CounterValue {
  const value = openCounter(name, stored, now)
  return { ...value, spent: value.spent + usedOf(name.metric, row, 1) }
}

/** What a request used of a counter. A request counts, even if OCI refused it. */
function usedOf(metric: CounterMetric, row: LedgerRow, requests: number): number {
  switch (metric) {
    case 'requests':
      return requests
    case 'tokens':
      return row.promptTokens + row.completionTokens
    case 'cost':
      return row.cost ?? 0
    case 'concurrency':
      return 0
  }
}

/**
 * The row of a reservation that expires: its worst case for an output that may be less than wanted,
 * and never more than what is reserved.
 */
export function expiredRow(
  { worstCase, demands, output: { wanted } }: Pick<Reservation, 'worstCase' | 'demands' | 'output'>,
  output: number,
): LedgerRow {
  const share = wanted > 0 ? output / wanted : 1
  const tokens = reservedOf(demands, 'tokens', output)
  const promptTokens = Math.min(worstCase.promptTokens, tokens)
  const completionTokens = Math.min(
    Math.ceil(worstCase.completionTokens * share),
    tokens - promptTokens,
  )
  const cost = reservedOf(demands, 'cost', output)
  return {
    ...worstCase,
    promptTokens,
    cachedTokens: Math.min(worstCase.cachedTokens, promptTokens),
    completionTokens,
    reasoningTokens: Math.min(worstCase.reasoningTokens, completionTokens),
    answerCharacters: Math.ceil(worstCase.answerCharacters * share),
    cost: cost === Infinity ? worstCase.cost : Math.min(worstCase.cost ?? cost, cost),
    outcome: 'expired',
  }
}

function reservedOf(
  demands: readonly CounterDemand[],
  metric: CounterMetric,
  output: number,
): number {
  const amounts = demands.filter((demand) => demand.metric === metric)
    .map((demand) => amountOf(demand, output))
  return Math.min(Infinity, ...amounts)
}
