import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../access/loopback.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/**
 * For a gateway without keys, which trusts whoever is on this machine: a page that had its own name
 * point here (DNS rebinding) is not.
 */
export function checkHost(names: readonly string[]): MiddlewareHandler<GatewayEnvironment> {
  return async function checkHost(c, next) {
    const host = nameOf(c.req.header('host') ?? new URL(c.req.url).host)
    if (!isLoopback(host) && !names.includes(host)) {
      throw new ApiError(
        'permission_denied',
        'Cannot let you in: without keys this gateway answers to names of this machine alone, ' +
          'such as "localhost", and to those in "door.allowedHosts"',
        { reason: 'host' },
      )
    }
    await next()
  }
}

/** Without the port. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '')
}
