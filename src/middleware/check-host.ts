import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../access/loopback.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/**
 * For a gateway without keys, which trusts local programs: rejects requests for a host name that is
 * not this machine's, as a page sends that had its own name resolve to it (DNS rebinding).
 */
export function checkHost(allowedHosts: readonly string[]): MiddlewareHandler<GatewayEnvironment> {
  return async function checkHost(c, next) {
    const host = nameOf(c.req.header('host') ?? hostOfUrl(c.req.url))
    if (!isLoopback(host) && !allowedHosts.includes(host)) {
      throw new ApiError(
        'permission_denied',
        'Without API keys this gateway answers only to "localhost", loopback addresses and the ' +
          'names in "access.allowedHosts"',
        { reason: 'host' },
      )
    }
    await next()
  }
}

/** A request of HTTP/1.0 may come without a host, and its URL then without one, too. */
function hostOfUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).host : ''
}

/** Without the port. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '')
}
