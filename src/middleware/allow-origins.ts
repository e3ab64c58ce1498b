import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { GatewayEnvironment } from './environment.ts'

/** Response headers that a page may read. */
const EXPOSED_HEADERS = [
  'opc-request-id',
  'retry-after',
  'x-oci-gateway-warnings',
  'x-request-id',
  'x-oci-cost',
  'x-oci-gateway-budget',
  ...['limit', 'remaining', 'reset'].flatMap((name) =>
    ['requests', 'tokens'].map((rate) => `x-ratelimit-${name}-${rate}`)
  ),
]

/** Allows pages of these origins to call the gateway (CORS). Keys are checked separately. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler<GatewayEnvironment> {
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'DELETE'],
    exposeHeaders: EXPOSED_HEADERS,
    maxAge: 600,
  })
}
