import type { BodyBudgetLimits } from './body-budget.ts'
import type { ConcurrencyLimits } from './concurrency-limiter.ts'

/** The limits of all requests together. */
interface Limits {
  maxConcurrentRequests: number
  maxConcurrentRequestsPerClient: number
  maxBodyBytes: number
  maxBodyBytesInFlight: number
  maxUploadBytes: number
  maxUploadBytesInFlight: number
}

/** The limits of the gateway's limiter, which has none where permits could not be released. */
export function concurrencyLimitsOf(limits: Limits, isUncounted: boolean): ConcurrencyLimits {
  return {
    max: isUncounted ? Infinity : limits.maxConcurrentRequests,
    maxPerClient: limits.maxConcurrentRequestsPerClient,
  }
}

/** The limits of the budget of request bodies in memory. */
export function bodyLimitsOf(
  { maxBodyBytes, maxBodyBytesInFlight }: Limits,
  isUncounted: boolean,
): BodyBudgetLimits {
  return budgetOf(maxBodyBytesInFlight, maxBodyBytes, isUncounted)
}

/** The limits of the budget of uploads in temporary files. */
export function uploadLimitsOf(
  { maxUploadBytes, maxUploadBytesInFlight }: Limits,
  isUncounted: boolean,
): BodyBudgetLimits {
  return budgetOf(maxUploadBytesInFlight, maxUploadBytes, isUncounted)
}

/** One client may use half of a budget, but at least one body of the maximum size. */
function budgetOf(inFlight: number, one: number, isUncounted: boolean): BodyBudgetLimits {
  return { max: isUncounted ? Infinity : inFlight, maxPerClient: Math.max(inFlight / 2, one) }
}
