import { toApiError } from '../../errors.ts'
import type { TrackedCall } from './circuit-breaker.ts'
import type { CallOutcome } from './circuit.ts'
import { errorBodyOf, FAILED_FINISH } from '../http/error.ts'
import { isUnhealthy, mayBeContent } from './retry-policy.ts'

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

/** Creates the reporter of a call. Failures after the abort of `signal` do not count. */
export function createOutcome(call: TrackedCall, signal: AbortSignal): DeferredOutcome {
  return {
    begin: () => call.begin(),
    succeed: () => call.record({ type: 'succeeded' }),
    fail: (error) => call.record(signal.aborted ? { type: 'abandoned' } : outcomeOf(error)),
    abandon: () => call.record({ type: 'abandoned' }),
  }
}

function outcomeOf(thrown: unknown): CallOutcome {
  const error = toApiError(thrown)
  if (error.reason === FAILED_FINISH) return { type: 'succeeded' }
  if (!isUnhealthy(error)) return { type: errorBodyOf(error) ? 'refused' : 'abandoned' }
  const { retryAfter } = error
  return {
    type: 'failed',
    retryAfter: retryAfter === undefined ? undefined : retryAfter * 1000,
    mayBeContent: mayBeContent(error),
  }
}
