import { ApiError, toApiError } from '../errors.ts'
import { errorBodyOf } from './error.ts'

export interface RetryPolicy {
  /** Calls at most, the first included. */
  attempts: number
  /** The first wait, in milliseconds; it doubles each time, and a random part of it is waited. */
  base: number
  /** The longest wait of our own choosing, in milliseconds. */
  cap: number
  /** The longest wait that OCI may ask for, in milliseconds; what is longer the client is told. */
  patience: number
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 3,
  base: 500,
  cap: 8_000,
  patience: 20_000,
}

/** Runs `attempt` until it succeeds, fails for good, or the policy is used up. */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<T> {
  for (let number = 1;; number++) {
    try {
      return await attempt(number)
    } catch (thrown) {
      const delay = retryDelay(toApiError(thrown), number, policy, Math.random())
      if (delay === undefined || signal.aborted) throw thrown
      await sleep(delay, signal)
    }
  }
}

/**
 * Milliseconds to wait before the next attempt, or `undefined` when there is to be none. `random`
 * is in [0, 1): full jitter keeps many clients of one tenancy from coming back together.
 */
export function retryDelay(
  error: ApiError,
  attempt: number,
  policy: RetryPolicy,
  random: number,
): number | undefined {
  if (attempt >= policy.attempts || !isTransient(error)) return undefined
  const asked = error.retryAfter
  if (asked === undefined) return random * Math.min(policy.cap, policy.base * 2 ** (attempt - 1))
  return asked * 1000 <= policy.patience ? asked * 1000 : undefined
}

function isTransient(error: ApiError): boolean {
  const body = errorBodyOf(error)
  switch (error.code) {
    case 'rate_limit_exceeded':
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

/** Waits, or throws the signal's reason as soon as it is aborted. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', stop, { once: true })
  })
}
