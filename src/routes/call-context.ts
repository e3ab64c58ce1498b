import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { Journey } from '../oci/resilience/attempts.ts'
import type { CallContext } from '../oci/context.ts'

/** What OCI's client needs to know of the request it works for. */
export function callContext(
  c: Context<GatewayEnvironment>,
  { signal }: Pick<AbortController, 'signal'>,
  journey?: Journey,
): CallContext {
  return {
    signal,
    requestId: c.get('requestId'),
    client: c.get('client'),
    takeTurn: c.get('takeTurn'),
    journey,
  }
}
