import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { clientOf } from '../middleware/identify-client.ts'

/** The owner of the objects that a client stores: its team or its key, else its address. */
export function ownerOf(c: Context<GatewayEnvironment>): string {
  return c.get('owner') ?? clientOf(c)
}
