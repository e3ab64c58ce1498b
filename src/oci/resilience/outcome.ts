import type { AbortState } from '../../abort.ts'
import { type ApiError, toApiError } from '../../errors.ts'
import type { TrackedCall } from './circuit-breaker.ts'
import type { CallOutcome } from './circuit.ts'
import { errorBodyOf, FAILED_FINISH } from '../http/error.ts'
import type { Place } from './place.ts'
import { isRateLimit, isUnhealthy, mayBeContent } from './retry-policy.ts'

/** Reports the outcome of a call; only the first report counts. */
export interface DeferredOutcome {
  /** OCI has started to answer. */
  begin(): void
  /** OCI has answered completely. */
  succeed(): void
  fail(error: unknown): void
  /** The answer is not read to its end, so its outcome is unknown. */
  abandon(): void
}

/**
 * Creates the reporter of a call, which also gives back the call's place. Failures after the abort of
 * `signal` do not count. With a queue for rate limits, a 429 does not count as a failure.
 */
export function createOutcome(
  call: TrackedCall,
  signal: AbortState,
  place: Place | undefined,
): DeferredOutcome {
  return {
    begin: () => call.begin(),
    succeed() {
      call.record({ type: 'succeeded' })
      place?.release({ type: 'succeeded' })
    },
    fail(thrown) {
      const error = toApiError(thrown)
      const isRejected = place !== undefined && !signal.aborted && isRateLimit(error)
      if (isRejected) call.record({ type: 'refused' })
      else call.record(signal.aborted ? { type: 'abandoned' } : outcomeOf(error))
      const retryAfter = milliseconds(error.retryAfter)
      place?.release(isRejected ? { type: 'rejected', retryAfter } : { type: 'failed' })
    },
    abandon() {
      call.record({ type: 'abandoned' })
      place?.release({ type: 'failed' })
    },
  }
}

function outcomeOf(error: ApiError): CallOutcome {
  if (error.reason === FAILED_FINISH) return { type: 'succeeded' }
  if (!isUnhealthy(error)) return { type: errorBodyOf(error) ? 'refused' : 'abandoned' }
  return {
    type: 'failed',
    retryAfter: milliseconds(error.retryAfter),
    mayBeContent: mayBeContent(error),
  }
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}
