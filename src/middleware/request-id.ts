import type { MiddlewareHandler } from 'hono'
import type { Platform } from '../platform.ts'
import type { GatewayEnvironment } from './environment.ts'
import { dialectOf } from './dialect.ts'

/** A client may name its request; anything else than a plain word is replaced. */
const ACCEPTABLE = /^[\w-]{1,64}$/

/** Gives each request an id, which every answer carries as `x-request-id`, Anthropic's as `request-id` too. */
export function assignRequestId(platform: Platform): MiddlewareHandler<GatewayEnvironment> {
  return async function identify(c, next) {
    const given = c.req.header('x-request-id') ?? c.req.header('x-client-request-id') ?? ''
    const requestId = ACCEPTABLE.test(given) ? given : platform.randomId()
    c.set('requestId', requestId)
    await next()
    c.res.headers.set('x-request-id', requestId)
    if (dialectOf(c.req.path) === 'anthropic') c.res.headers.set('request-id', requestId)
  }
}
