import type { BodyBudgetLimits } from './body-budget.ts'
import type { ConcurrencyLimits } from './concurrency-limiter.ts'

/** The limits of all requests together. */
interface Limits {
  maxConcurrentRequests: number
  maxConcurrentRequestsPerClient: number
  maxBodyBytes: number
  maxBodyBytesInFlight: number
}

/** The limits of the gateway's limiter, which has none where permits could not be released. */
export function concurrencyLimitsOf(limits: Limits, isUncounted: boolean): ConcurrencyLimits {
  return {
    max: isUncounted ? Infinity : limits.maxConcurrentRequests,
    maxPerClient: limits.maxConcurrentRequestsPerClient,
  }
}

/**
 * The limits of the budget of request bodies. One client may use half of the budget, but at least one
 * body of the maximum size.
 */
export function bodyLimitsOf(
  { maxBodyBytes, maxBodyBytesInFlight }: Limits,
  isUncounted: boolean,
): BodyBudgetLimits {
  return {
    max: isUncounted ? Infinity : maxBodyBytesInFlight,
    maxPerClient: Math.max(maxBodyBytesInFlight / 2, maxBodyBytes),
  }
}
