import type { MiddlewareHandler } from 'hono'
import type { Platform } from '../platform.ts'
import type { GatewayEnvironment } from './environment.ts'

/**
 * Writes one line per request when its answer is over: what was asked, how it went, how long it
 * took, never what was said. For a stream the route writes it, at the stream's end.
 */
export function logRequests(platform: Platform): MiddlewareHandler<GatewayEnvironment> {
  return async function logRequests(c, next) {
    const began = platform.now()
    const requestId = c.get('requestId')
    c.set('log', { requestId, method: c.req.method, path: c.req.path.slice(0, 200) })
    c.set('finishLog', () => {
      platform.log({ level: 'info', event: 'request', ...c.get('log'), ms: platform.now() - began })
    })
    await next()
    c.get('log')['status'] = c.res.status
    c.get('finishLog')?.()
  }
}
