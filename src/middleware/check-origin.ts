import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../loopback.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/** Values of `sec-fetch-site` for requests of a user or of the same origin. */
const TRUSTED_SITES = new Set(['same-origin', 'none'])

/**
 * Rejects requests from pages of another origin (CSRF), for a gateway without keys. GET requests are
 * included, because each may cost a call to OCI.
 */
export function checkOrigin(
  allowedOrigins: readonly string[],
): MiddlewareHandler<GatewayEnvironment> {
  return async function checkOrigin(c, next) {
    const origin = c.req.header('origin')
    const isListed = origin !== undefined && allowedOrigins.includes(origin)
    if (!isListed && isForeign(origin, c.req.header('sec-fetch-site'))) {
      throw new ApiError(
        'permission_denied',
        'This origin is not allowed. Add the origin of the page to "access.allowedOrigins"',
        { reason: 'origin' },
      )
    }
    await next()
  }
}

/** Uses `sec-fetch-site` where the browser sends it, else the origin itself. */
function isForeign(origin: string | undefined, site: string | undefined): boolean {
  if (site !== undefined) return !TRUSTED_SITES.has(site)
  return origin !== undefined && !isLocal(origin)
}

function isLocal(origin: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  return (protocol === 'http:' || protocol === 'https:') && isLoopback(hostname)
}
