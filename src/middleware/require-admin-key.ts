import type { MiddlewareHandler } from 'hono'
import type { FailedAuthLimiter } from '../access/failed-auth-limiter.ts'
import type { KeyCheck } from '../access/keys.ts'
import { presentedKeys, rejectedKey } from './authenticate.ts'
import type { GatewayEnvironment } from './environment.ts'

/** Accepts only requests with the administration key. */
export function requireAdminKey(
  check: KeyCheck,
  failures: FailedAuthLimiter,
  needed = 'the administration key (GATEWAY_ADMIN_KEY)',
): MiddlewareHandler<GatewayEnvironment> {
  return async function requireAdminKey(c, next) {
    const presented = presentedKeys(c)
    for (const key of presented) {
      if (await check(key) !== undefined) return await next()
    }
    throw rejectedKey(c, presented, failures, needed)
  }
}
