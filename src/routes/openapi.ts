import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { methodNotAllowed } from './method-not-allowed.ts'

/**
 * `GET /openapi.json`: the document of all routes, which `npm run docs` writes. It has no secret, so
 * it needs no key. It is loaded with the first request for it.
 */
export function openApi(): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .get('/openapi.json', async (c) => {
      const { default: document } = await import('./openapi.json', { with: { type: 'json' } })
      return c.json(document, 200, { 'cache-control': 'no-cache' })
    })
    .all('/openapi.json', methodNotAllowed('GET'))
}
