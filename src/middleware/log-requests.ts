import type { MiddlewareHandler } from 'hono'
import type { Platform } from '../platform.ts'
import type { GatewayEnvironment } from './environment.ts'

/**
 * Writes one line per request when it is over: method, path, outcome and duration, never content.
 * For a stream that is at the stream's end.
 */
export function logRequests(platform: Platform): MiddlewareHandler<GatewayEnvironment> {
  return async function logRequests(c, next) {
    const began = platform.now()
    const requestId = c.get('requestId')
    const fields = { requestId, method: c.req.method, path: c.req.path.slice(0, 200) }
    c.set('log', fields)
    c.get('lifecycle').onEnd(() => {
      platform.log({ level: 'info', event: 'request', ...c.get('log'), ms: platform.now() - began })
    })
    await next()
    c.get('log')['status'] = c.res.status
  }
}
