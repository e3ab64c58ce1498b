import type { Context, MiddlewareHandler } from 'hono'
import type { FailedAuthLimiter } from '../access/failed-auth-limiter.ts'
import type { KeyCheck } from '../access/keys.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'
import { clientOf } from './identify-client.ts'

/**
 * Accepts requests with a valid key: as a bearer token, as `x-api-key` (Anthropic's clients) or as
 * `api-key` (Azure's clients). One of them suffices. An address that sent too many invalid keys
 * receives 429 for further invalid ones.
 */
export function authenticate(
  check: KeyCheck,
  failures: FailedAuthLimiter,
): MiddlewareHandler<GatewayEnvironment> {
  return function authenticate(c, next) {
    const presented = presentedKeys(c)
    const admit = (id: string | undefined) => {
      if (id === undefined) throw rejectedKey(c, presented, failures)
      c.set('client', id)
      c.set('owner', id)
      return next()
    }
    const found = firstValid(presented, check)
    return found instanceof Promise ? found.then(admit) : admit(found)
  }
}

/** The id of the first valid key, at once if that is known. */
function firstValid(
  [key, ...others]: readonly string[],
  check: KeyCheck,
): ReturnType<KeyCheck> {
  if (key === undefined) return undefined
  const found = check(key)
  return found instanceof Promise
    ? found.then((id) => id ?? firstValid(others, check))
    : found ?? firstValid(others, check)
}

/** Creates the error of a request without a valid key, and counts it if it presented one. */
export function rejectedKey(
  c: Context<GatewayEnvironment>,
  presented: readonly string[],
  failures: FailedAuthLimiter,
  needed = 'a key of this gateway',
): ApiError {
  const address = clientOf(c)
  if (presented.length > 0) {
    if (failures.isBlocked(address)) return tooManyFailures()
    failures.recordFailure(address)
  }
  c.header('www-authenticate', 'Bearer')
  return new ApiError(
    'invalid_api_key',
    `Missing or invalid API key. Send ${needed} as "Authorization: Bearer <key>"`,
  )
}

/** The keys that a request presents, of which one must be valid. */
export function presentedKeys(c: Context<GatewayEnvironment>): string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
  return [bearer, c.req.header('x-api-key'), c.req.header('api-key')].flatMap((key) => key || [])
}

function tooManyFailures(): ApiError {
  return new ApiError(
    'rate_limit_exceeded',
    'Too many invalid API keys from this address. Retry in 10 seconds',
    { retryAfter: 10, reason: 'failed_auth' },
  )
}
