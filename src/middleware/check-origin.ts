import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../access/loopback.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/** A page may ask for these of any site, and cannot see the answer. */
const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** For a gateway without keys: no page of another site may make it do anything (CSRF). */
export function checkOrigin(origins: readonly string[]): MiddlewareHandler<GatewayEnvironment> {
  return async function checkOrigin(c, next) {
    const origin = c.req.header('origin')
    if (origin !== undefined && !HARMLESS.has(c.req.method) && !isOurs(origin, origins)) {
      throw new ApiError(
        'permission_denied',
        'Cannot let you in: pages of other sites may call this gateway only when they are in ' +
          '"door.allowedOrigins"',
        { reason: 'origin' },
      )
    }
    await next()
  }
}

function isOurs(origin: string, origins: readonly string[]): boolean {
  if (origins.includes(origin)) return true
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}
