import { Hono } from 'hono'
import type { Turnstile } from '../access/turnstile.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { RouteContext } from './context.ts'
import { methodNotAllowed } from './method-not-allowed.ts'

/**
 * `GET /health`, `/livez` and `/readyz`: none needs a key, none says a secret. A gateway does not
 * start without a credential that can sign; it is not ready, a 503, while the token of one has
 * ended and there is no other to be had, and when it is about to end.
 */
export function health(
  { oci }: RouteContext,
  turnstile: Turnstile,
): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .get('/health', (c) => c.json({ status: 'ok' }))
    .get('/livez', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const isVerbose = c.req.query('verbose') !== undefined
      const more = isVerbose && { quirks: Object.fromEntries(oci.quirks()) }
      return !turnstile.isClosed && await oci.isReady()
        ? c.json({ status: 'ready', ...more })
        : c.json({ status: 'not ready', ...more }, 503)
    })
    .on('ALL', ['/health', '/livez', '/readyz'], methodNotAllowed('GET'))
}
