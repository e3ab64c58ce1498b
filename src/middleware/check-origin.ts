import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../access/loopback.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/** What browsers send for requests that a person or the page's own origin made. */
const HARMLESS_SITES = new Set(['same-origin', 'none'])

/**
 * For a gateway without keys: rejects requests that a page of another origin makes (CSRF). Those
 * with GET count too, since each may cost a call to OCI.
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
        'Pages of other origins may call this gateway only when they are listed in ' +
          '"access.allowedOrigins"',
        { reason: 'origin' },
      )
    }
    await next()
  }
}

/** Browsers of today say what a page's origin is to ours; of others its own name has to do. */
function isForeign(origin: string | undefined, site: string | undefined): boolean {
  if (site !== undefined) return !HARMLESS_SITES.has(site)
  return origin !== undefined && !isLocal(origin)
}

function isLocal(origin: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  return (protocol === 'http:' || protocol === 'https:') && isLoopback(hostname)
}
