import type { AbortState } from '../../abort.ts'
import { ApiError } from '../../errors.ts'
import type { CircuitBreaker, TrackedCall } from './circuit-breaker.ts'
import type { Place } from './place.ts'
import type { Target } from './region-targets.ts'
import { CIRCUIT_OPEN } from './retry-policy.ts'

/** The request that makes the call. */
interface EnteringRequest {
  model?: string | undefined
  /** What the circuit of a request without a model is named after. */
  service?: string | undefined
  client?: string | undefined
  signal: AbortState
}

/** Asks the circuit breaker for a call. Gives the call's place back if it is not made. */
export function enterCircuit(
  { region }: Target,
  place: Place | undefined,
  { service = '', model, client, signal }: EnteringRequest,
  breaker: CircuitBreaker,
): TrackedCall {
  try {
    // The client may have disconnected just after its turn came.
    signal.throwIfAborted()
    const acquired = breaker.acquire(`${region} ${model ?? service}`, client)
    if (acquired.type === 'circuit-open') {
      throw circuitOpen(acquired, model === undefined ? 'endpoint' : 'model')
    }
    return acquired.call
  } catch (error) {
    place?.release({ type: 'failed' })
    throw error
  }
}

/** Creates the error of a call that is not made because the circuit is open. */
function circuitOpen(
  { milliseconds, rateLimited }: { milliseconds: number; rateLimited: boolean },
  failing: 'endpoint' | 'model',
): ApiError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  const details = { retryAfter: seconds, reason: CIRCUIT_OPEN }
  return rateLimited
    ? new ApiError(
      'rate_limit_exceeded',
      `Rate limit exceeded. Retry in ${seconds} seconds`,
      details,
    )
    : new ApiError(
      'upstream_unavailable',
      `OCI is failing for this ${failing} (circuit open). Retry in ${seconds} seconds`,
      details,
    )
}
