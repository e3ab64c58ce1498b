import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { GZIP } from './openapi.generated.ts'

/**
 * `GET /openapi.json`: the document of all routes, which `npm run docs` writes. It has no secret, so
 * it needs no key. It is decompressed for each request, because it is rarely read.
 */
export function openApi(): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .get('/openapi.json', async (c) => {
      const bytes = Uint8Array.from(atob(GZIP), (character) => character.charCodeAt(0))
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache' }
      return c.body(await new Response(stream).text(), 200, headers)
    })
    .all('/openapi.json', methodNotAllowed('GET'))
}
