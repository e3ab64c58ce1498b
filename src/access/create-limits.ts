import { type BodyBudget, createBodyBudget } from './body-budget.ts'
import { type ConcurrencyLimiter, createConcurrencyLimiter } from './concurrency-limiter.ts'

/** The limits of all requests together. */
interface Limits {
  maxConcurrentRequests: number
  maxConcurrentRequestsPerClient: number
  maxBodyBytes: number
  maxBodyBytesInFlight: number
}

/** Creates the gateway's limiter, which is unlimited where permits could not be released. */
export function createLimiter(limits: Limits, isUncounted: boolean): ConcurrencyLimiter {
  return createConcurrencyLimiter({
    max: isUncounted ? Infinity : limits.maxConcurrentRequests,
    maxPerClient: limits.maxConcurrentRequestsPerClient,
  })
}

/**
 * Creates the budget of request bodies. One client may use half of the budget, but at least one body of the
 * maximum size.
 */
export function createBudget(
  { maxBodyBytes, maxBodyBytesInFlight }: Limits,
  isUncounted: boolean,
): BodyBudget {
  return createBodyBudget({
    max: isUncounted ? Infinity : maxBodyBytesInFlight,
    maxPerClient: Math.max(maxBodyBytesInFlight / 2, maxBodyBytes),
  })
}
