import { ApiError } from '../errors.ts'
import { withTimeout } from '../timeout.ts'

/** Calls a store and reports that it does not answer. */
export interface StoreGuard {
  /** Resolves with the result. Rejects with `store_unavailable` if the store fails or is too slow. */
  call<Result>(action: () => Promise<Result>): Promise<Result>
  /** Whether the last call failed. */
  readonly isDown: boolean
  /** Calls that failed or took too long. */
  readonly failures: number
}

/** Milliseconds after which a store counts as down. */
const TIMEOUT = 5_000
/** Milliseconds for which a store that is down is not called. */
const PAUSE = 500

/**
 * Creates the guard of a store. While the store is down, calls fail at once, so that requests that are
 * served without it do not wait.
 * @param onFailure receives the cause of each failure, for the log
 */
export function createStoreGuard(
  now: () => number,
  onFailure: (cause: unknown) => void,
): StoreGuard {
  let failedAt: number | undefined
  let failures = 0
  const fail = (cause: unknown): never => {
    failedAt = now()
    failures++
    onFailure(cause)
    throw storeUnavailable(cause)
  }
  return {
    get isDown() {
      return failedAt !== undefined
    },
    get failures() {
      return failures
    },
    async call<Result>(action: () => Promise<Result>): Promise<Result> {
      if (failedAt !== undefined && Math.abs(now() - failedAt) < PAUSE) throw storeUnavailable()
      // A store may throw instead of rejecting.
      const answer = Promise.resolve().then(action).then((value) => ({ value }))
      const result = await withTimeout(TIMEOUT, answer).catch(fail)
      if (result === undefined) return fail(new Error(`No answer within ${TIMEOUT / 1000} seconds`))
      failedAt = undefined
      return result.value
    },
  }
}

function storeUnavailable(cause?: unknown): ApiError {
  return new ApiError(
    'store_unavailable',
    'The store of keys and budgets does not answer. Retry in 5 seconds',
    { cause, retryAfter: 5, reason: 'store_unavailable' },
  )
}
