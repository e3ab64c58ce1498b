import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { RouteContext } from './context.ts'
import { methodNotAllowed } from './method-not-allowed.ts'

/**
 * `GET /health`, `/livez` and `/readyz`: none needs a key, none says a secret. A gateway that
 * answers is ready: without a credential that can sign it does not start.
 */
export function health({ oci }: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .get('/health', (c) => c.json({ status: 'ok' }))
    .get('/livez', (c) => c.json({ status: 'ok' }))
    .get('/readyz', (c) => {
      const isVerbose = c.req.query('verbose') !== undefined
      const lessons = Object.fromEntries(oci.lessons())
      return c.json({ status: 'ready', ...(isVerbose && { lessons }) })
    })
    .on('ALL', ['/health', '/livez', '/readyz'], methodNotAllowed('GET'))
}
