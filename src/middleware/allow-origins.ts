import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { GatewayEnvironment } from './environment.ts'

/** What a page may read of an answer beside its body. */
const SHOWN = [
  'opc-request-id',
  'retry-after',
  'x-oci-gateway-warnings',
  'x-request-id',
]

/** Lets pages of these sites call the gateway (CORS), with a key of theirs; no other site's may. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler<GatewayEnvironment> {
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'DELETE'],
    exposeHeaders: SHOWN,
    maxAge: 600,
  })
}
