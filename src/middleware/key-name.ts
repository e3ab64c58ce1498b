import type { Context } from 'hono'
import type { GatewayEnvironment } from './environment.ts'

/** The name of the client's key in the store, or the id of a configured one; `undefined` without one. */
export function keyName(c: Context<GatewayEnvironment>): string | undefined {
  // Without an owner the client is an address, which is not recorded.
  const configured = c.get('owner') === undefined ? undefined : c.get('client')
  return c.get('identity')?.key.name ?? configured
}
