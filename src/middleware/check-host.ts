import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../loopback.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/**
 * Rejects requests for a host name that is neither a loopback one nor allowed. For a gateway without
 * keys, which trusts local programs: a web page could point its own host name to this machine (DNS
 * rebinding).
 */
export function checkHost(allowedHosts: readonly string[]): MiddlewareHandler<GatewayEnvironment> {
  return async function checkHost(c, next) {
    const host = nameOf(c.req.header('host') ?? hostOfUrl(c.req.url))
    if (!isLoopback(host) && !allowedHosts.includes(host)) {
      throw new ApiError(
        'permission_denied',
        'Without API keys, this gateway accepts requests only for "localhost", loopback addresses ' +
          'and the host names in "access.allowedHosts"',
        { reason: 'host' },
      )
    }
    await next()
  }
}

/** An HTTP/1.0 request may have no `host` header, and then no host in its URL. */
function hostOfUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).host : ''
}

/** Removes the port. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '')
}
