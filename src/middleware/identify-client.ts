import type { MiddlewareHandler } from 'hono'
import type { ClientAddress } from '../access/client-address.ts'
import type { GatewayEnvironment } from './environment.ts'

/** Sets the client of a request to its address. `authenticate()` replaces it with a key's id. */
export function identifyClient(addressOf: ClientAddress): MiddlewareHandler<GatewayEnvironment> {
  return async function identifyClient(c, next) {
    const peer = c.env?.peerAddress?.()
    c.set('client', addressOf({ peer, header: (name) => c.req.header(name) }))
    await next()
  }
}
