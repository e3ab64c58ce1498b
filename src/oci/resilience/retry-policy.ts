import type { ApiError } from '../../errors.ts'
import { isInAnswer } from '../http/error-in-answer.ts'
import { errorBodyOf, FAILED_FINISH } from '../http/error.ts'

/** Which calls are repeated, and how long the delays are. Times are in milliseconds. */
export interface RetryPolicy {
  /** Maximum calls for one request, including the first, over all regions and models. */
  maxAttempts: number
  /** Maximum delay before the first retry; it doubles with each retry (full jitter). */
  initialDelay: number
  /** Maximum delay of the backoff. */
  maxDelay: number
  /** Longest `Retry-After` of OCI that is waited for; a longer one goes to the client. */
  maxRetryAfter: number
  /** No retry starts later than this after the first call. */
  deadline: number
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 3,
  initialDelay: 500,
  maxDelay: 8_000,
  maxRetryAfter: 20_000,
  deadline: 60_000,
}

/** Where a request stands when a call of it has failed. */
export interface RetryState {
  /** Calls made so far. */
  attempts: number
  /** Milliseconds since the first of them began. */
  elapsed: number
  /** Whether there is another target that was not tried. */
  hasAlternative: boolean
  /** In [0, 1): full jitter keeps many clients of one tenancy from coming back together. */
  random: number
}

/** What to do next: ask the same target after `delay` milliseconds, ask the next one, or tell the client. */
export type NextStep =
  | { type: 'retry'; delay: number }
  | { type: 'next' }
  /** `exhausted`: it might pass, but our own tries are used up. */
  | { type: 'give-up'; exhausted: boolean }

/** The reason of an error that was made without a call, since calls fail again and again. */
export const CIRCUIT_OPEN = 'circuit_open'

/** Decides what follows a failure; nothing here waits, counts or remembers. */
export function nextStep(error: ApiError, situation: RetryState, policy: RetryPolicy): NextStep {
  const { attempts, elapsed, hasAlternative, random } = situation
  const isSpent = attempts >= policy.maxAttempts || elapsed >= policy.deadline
  if (error.reason === CIRCUIT_OPEN) {
    return hasAlternative ? { type: 'next' } : { type: 'give-up', exhausted: true }
  }
  // Models differ from region to region, and what is not here may be there.
  if (error.code === 'model_not_found') {
    return hasAlternative && !isSpent ? { type: 'next' } : { type: 'give-up', exhausted: false }
  }
  if (!isTransient(error)) return { type: 'give-up', exhausted: false }
  if (isSpent) return { type: 'give-up', exhausted: true }
  if (hasAlternative) return { type: 'next' }
  const asked = error.retryAfter === undefined ? undefined : error.retryAfter * 1000
  if (asked !== undefined && asked > policy.maxRetryAfter) {
    return { type: 'give-up', exhausted: false }
  }
  const delay = asked ??
    random * Math.min(policy.maxDelay, policy.initialDelay * 2 ** (attempts - 1))
  if (elapsed + delay > policy.deadline) return { type: 'give-up', exhausted: true }
  return { type: 'retry', delay }
}

/** Whether a failure may pass by itself. */
export function isTransient(error: ApiError): boolean {
  // A prompt that made the model fail would make it fail again.
  if (error.reason === FAILED_FINISH) return false
  const body = errorBodyOf(error)
  switch (error.code) {
    case 'rate_limit_exceeded':
      // A quota that is used up does not come back by waiting.
      return !/^(limit|quota)exceeded$|^insufficient_quota$/i.test(body?.code ?? '')
    case 'upstream_incomplete':
      return true
    case 'upstream_unavailable':
      if (body?.status === 409) return body.code === 'IncorrectState'
      return body?.status !== 501
    case 'upstream_timeout':
      // Our own limit was already long; OCI's 504 is not.
      return body !== undefined
    default:
      return false
  }
}

/** Whether a failure tells against the health of what was asked. */
export function isUnhealthy(error: ApiError): boolean {
  return isTransient(error) || error.code === 'upstream_timeout'
}

/** The statuses of OCI that no content of a request causes. */
const OUTAGES = [429, 503, 504]

/**
 * Whether the content of a request may have caused a failure that tells against the upstream's
 * health. A 500, an error inside an answer or a broken stream may be caused by one prompt; a lost
 * connection before the answer, a timeout, a 503 or a 429 is the upstream's own.
 */
export function mayBeContent(error: ApiError): boolean {
  const body = errorBodyOf(error)
  if (body !== undefined) return isInAnswer(body) || !OUTAGES.includes(body.status)
  return error.reason !== 'connect' && error.code !== 'upstream_timeout'
}
