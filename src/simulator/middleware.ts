import type { MiddlewareHandler } from 'hono'
import { type Exchange, readExchange, type ReceivedRequest } from './exchange.ts'
import { isServiceError } from './service-error.ts'
import { opcRequestId } from './request-id.ts'
import { type FindKey, verifySignature } from './verify-signature.ts'
import { reject, type SimulatorContext } from './context.ts'

/** What is known of a request: itself, and who sent it once that is found out. */
export interface Env {
  Variables: { exchange: Exchange; keyId: string }
}

/** Reads every request to its end, and gives every answer its id. */
export function receive(
  onRequest: ((seen: ReceivedRequest) => void) | undefined,
): MiddlewareHandler<Env> {
  return async function receive(c, next) {
    const exchange = await readExchange(c.req.raw)
    onRequest?.(exchange.received)
    c.set('exchange', exchange)
    await next()
    const chosen = exchange.received.headers.get('opc-request-id')
    c.res.headers.set('opc-request-id', opcRequestId(chosen))
    if (!exchange.isStreaming) exchange.end('completed')
  }
}

/** Lets a request through when its signature holds. */
export function requireSignature(
  context: SimulatorContext,
  findKey: FindKey,
): MiddlewareHandler<Env> {
  return async function requireSignature(c, next) {
    const { received, url } = c.get('exchange')
    const caller = await verifySignature({ ...received, url }, findKey, context.now())
    if (isServiceError(caller)) return reject(caller, context)
    c.set('keyId', caller.keyId)
    return await next()
  }
}
