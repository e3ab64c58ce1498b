import { BoundedMap } from '../../bounded-map.ts'

/** How many repetitions a process allows itself, so that an outage is not made worse by us. */
export interface RetryBudget {
  /** Counts a request of a client. */
  recordRequest(): void
  /** Takes one repetition, if one is left. Clients without an identity share one. */
  tryTake(client?: string): boolean
}

export interface RetryBudgetOptions {
  /** Ratio of the requests of the last two minutes that may be retried. */
  ratio: number
  /** Retries per two minutes that are always allowed, for gateways with little traffic. */
  minimum: number
}

export const DEFAULT_BUDGET: RetryBudgetOptions = { ratio: 0.1, minimum: 6 }

/** Twelve spans of ten seconds: what is older is forgotten a span at a time. */
const SPANS = 12
const SPAN = 10_000

/**
 * Repetitions in two minutes that each client has even when others have used up the budget. They
 * cost little: in an outage the circuit opens after ten calls.
 */
const RESERVED = 2
const MAX_CLIENTS = 10_000

/** Makes a budget that nothing was taken from; `now` is in milliseconds. */
export function createRetryBudget(
  { ratio, minimum }: RetryBudgetOptions,
  now: () => number,
): RetryBudget {
  const requests = createRecentCount(now)
  const repetitions = createRecentCount(now)
  const byClient = new BoundedMap<RecentCount>({ maxEntries: MAX_CLIENTS })
  return {
    recordRequest: () => requests.add(),
    tryTake(client = '') {
      const own = byClient.get(client) ?? createRecentCount(now)
      const allowed = Math.max(minimum, Math.floor(requests.sum() * ratio))
      const isReserved = minimum > 0 && own.sum() < RESERVED
      if (repetitions.sum() >= allowed && !isReserved) return false
      repetitions.add()
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
    // A clock that was set back leaves the counts where they are.
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
