import type { ApiError } from '../../errors.ts'
import { KEY_LIMIT } from '../call.ts'
import { isInAnswer } from '../http/error-in-answer.ts'
import { errorBodyOf, FAILED_FINISH } from '../http/error.ts'
import { RATE_LIMITED } from './place.ts'

/** Decides which calls are retried and how long the delays are. Times are in milliseconds. */
export interface RetryPolicy {
  /** Maximum calls for one request, including the first, over all regions and models. */
  maxAttempts: number
  /** Maximum delay before the first retry; it doubles with each retry (full jitter). */
  initialDelay: number
  /** Maximum delay of the backoff. */
  maxDelay: number
  /** Maximum `Retry-After` that is waited for; a longer one is passed to the client. */
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

/** The state of a request after a failed call. */
export interface RetryState {
  /** Calls made so far. */
  attempts: number
  /** Milliseconds since the first call began. */
  elapsed: number
  /** Whether another target has not been tried. */
  hasAlternative: boolean
  /** In [0, 1). Full jitter spreads the retries of many clients of one tenancy. */
  random: number
}

/** The next step: retry the target after `delay` milliseconds, try the next target, or give up. */
export type NextStep =
  | { type: 'retry'; delay: number }
  | { type: 'next' }
  /** `exhausted`: a retry might succeed, but the policy allows no more. */
  | { type: 'give-up'; exhausted: boolean }

/** The reason of an error for a call that was not made because the circuit is open. */
export const CIRCUIT_OPEN = 'circuit_open'

/** Decides the next step after a failure. Pure: does not wait, count or store anything. */
export function nextStep(error: ApiError, state: RetryState, policy: RetryPolicy): NextStep {
  const { attempts, elapsed, hasAlternative, random } = state
  const isExhausted = attempts >= policy.maxAttempts || elapsed >= policy.deadline
  if (isNotSent(error)) {
    return hasAlternative ? { type: 'next' } : { type: 'give-up', exhausted: true }
  }
  // Regions serve different models.
  if (error.code === 'model_not_found') {
    return hasAlternative && !isExhausted ? { type: 'next' } : { type: 'give-up', exhausted: false }
  }
  if (!isTransient(error)) return { type: 'give-up', exhausted: false }
  if (isExhausted) return { type: 'give-up', exhausted: true }
  if (hasAlternative) return { type: 'next' }
  const requested = error.retryAfter === undefined ? undefined : error.retryAfter * 1000
  if (requested !== undefined && requested > policy.maxRetryAfter) {
    return { type: 'give-up', exhausted: false }
  }
  const delay = requested ??
    random * Math.min(policy.maxDelay, policy.initialDelay * 2 ** (attempts - 1))
  if (elapsed + delay > policy.deadline) return { type: 'give-up', exhausted: true }
  return { type: 'retry', delay }
}

/** Whether the call was not made: the circuit is open, or OCI's rate limit is reached. */
export function isNotSent({ reason }: ApiError): boolean {
  return reason === CIRCUIT_OPEN || reason === RATE_LIMITED
}

/** Whether OCI has rejected a call because of too many calls, not because of an exhausted quota. */
export function isRateLimit(error: ApiError): boolean {
  return error.code === 'rate_limit_exceeded' && errorBodyOf(error) !== undefined &&
    isTransient(error)
}

/** Whether a retry of the same call may succeed. */
export function isTransient(error: ApiError): boolean {
  // A prompt that made the model fail would do so again.
  if (error.reason === FAILED_FINISH || error.reason === KEY_LIMIT) return false
  const body = errorBodyOf(error)
  switch (error.code) {
    case 'rate_limit_exceeded':
      // An exhausted quota does not recover within the policy's delays.
      return !/^(limit|quota)exceeded$|^insufficient_quota$/i.test(body?.code ?? '')
    case 'upstream_incomplete':
      return true
    case 'upstream_unavailable':
      if (body?.status === 409) return body.code === 'IncorrectState'
      return body?.status !== 501
    case 'upstream_timeout':
      // The gateway's own timeout is long enough; a 504 of OCI is retried.
      return body !== undefined
    default:
      return false
  }
}

/** Whether a failure counts against the upstream's health. */
export function isUnhealthy(error: ApiError): boolean {
  return isTransient(error) || error.code === 'upstream_timeout'
}

/** The statuses of OCI that are independent of a request's content. */
const OUTAGE_STATUSES = [429, 503, 504]

/**
 * Whether the content of a request may have caused a failure that counts against the upstream's
 * health. A prompt may cause a 500, an error inside an answer or a broken stream. A connection lost
 * before the answer, a timeout, a 503 and a 429 are independent of the content.
 */
export function mayBeContent(error: ApiError): boolean {
  const body = errorBodyOf(error)
  if (body !== undefined) return isInAnswer(body) || !OUTAGE_STATUSES.includes(body.status)
  return error.reason !== 'connect' && error.code !== 'upstream_timeout'
}
