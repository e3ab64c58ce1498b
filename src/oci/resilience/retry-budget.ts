import { BoundedMap } from '../../bounded-map.ts'

/** Limits the retries of the process, so that they do not worsen an outage. */
export interface RetryBudget {
  /** Counts a request of a client. */
  recordRequest(): void
  /** Takes one retry and returns whether one was left. Clients without an identity share one. */
  tryTake(client?: string): boolean
  /** The retries of the last two minutes, and how many are allowed in two minutes. */
  readonly usage: { used: number; limit: number }
}

export interface RetryBudgetOptions {
  /** Ratio of the requests of the last two minutes that may be retried. */
  ratio: number
  /** Retries per two minutes that are always allowed, for gateways with little traffic. */
  minimum: number
}

export const DEFAULT_BUDGET: RetryBudgetOptions = { ratio: 0.1, minimum: 6 }

/** The window of two minutes consists of twelve spans of ten seconds, which expire one by one. */
const SPANS = 12
const SPAN = 10_000

/**
 * Retries in two minutes that each client has even if others have used up the budget. They cost
 * little, because in an outage the circuit opens after ten calls.
 */
const RESERVED_RETRIES = 2
const MAX_CLIENTS = 10_000

/** Creates an unused budget, whose options may change; `now` is in milliseconds. */
export function createRetryBudget(
  options: Readonly<RetryBudgetOptions>,
  now: () => number,
): RetryBudget {
  const requests = createRecentCount(now)
  const retries = createRecentCount(now)
  const byClient = new BoundedMap<RecentCount>({ maxEntries: MAX_CLIENTS })
  const limit = () => Math.max(options.minimum, Math.floor(requests.sum() * options.ratio))
  return {
    get usage() {
      return { used: retries.sum(), limit: limit() }
    },
    recordRequest: () => requests.add(),
    tryTake(client = '') {
      const own = byClient.get(client) ?? createRecentCount(now)
      const isReserved = options.minimum > 0 && own.sum() < RESERVED_RETRIES
      if (retries.sum() >= limit() && !isReserved) return false
      retries.add()
      own.add()
      byClient.set(client, own)
      return true
    },
  }
}

interface RecentCount {
  add(): void
  sum(): number
}

function createRecentCount(now: () => number): RecentCount {
  const counts = Array.from({ length: SPANS }, () => 0)
  let latest = Math.floor(now() / SPAN)
  const advance = () => {
    const span = Math.floor(now() / SPAN)
    // If the clock is set back, the counts stay as they are.
    for (let passed = latest + 1; passed <= span && passed <= latest + SPANS; passed++) {
      counts[passed % SPANS] = 0
    }
    latest = Math.max(latest, span)
    return latest % SPANS
  }
  return {
    add() {
      const span = advance()
      counts[span] = (counts[span] ?? 0) + 1
    },
    sum() {
      advance()
      return counts.reduce((sum, count) => sum + count, 0)
    },
  }
}
