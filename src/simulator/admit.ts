import type { MiddlewareHandler } from 'hono'
import { type Exchange, receive, type SeenRequest } from './exchange.ts'
import { isRefusal } from './refusal.ts'
import { opcRequestId } from './request-id.ts'
import { type FindKey, verifySignature } from './verify-signature.ts'
import { refuse, type World } from './context.ts'

/** What is known of a request: itself, and who sent it once that is found out. */
export interface Env {
  Variables: { exchange: Exchange; keyId: string }
}

/** Reads every request to its end, and gives every answer its id. */
export function meet(onRequest: ((seen: SeenRequest) => void) | undefined): MiddlewareHandler<Env> {
  return async function meet(c, next) {
    const exchange = await receive(c.req.raw)
    onRequest?.(exchange.seen)
    c.set('exchange', exchange)
    await next()
    const chosen = exchange.seen.headers.get('opc-request-id')
    c.res.headers.set('opc-request-id', opcRequestId(chosen))
    if (!exchange.isStreaming) exchange.end('answered')
  }
}

/** Lets a request through when its signature holds. */
export function admit(world: World, findKey: FindKey): MiddlewareHandler<Env> {
  return async function admit(c, next) {
    const { seen, url } = c.get('exchange')
    const caller = await verifySignature({ ...seen, url }, findKey, world.now())
    if (isRefusal(caller)) return refuse(caller, world)
    c.set('keyId', caller.keyId)
    return await next()
  }
}
