import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { CallContext } from '../oci/call.ts'

/** What OCI's client needs to know of the request it works for. */
export function callContext(
  c: Context<GatewayEnvironment>,
  { signal }: Pick<AbortController, 'signal'>,
): CallContext {
  return {
    signal,
    requestId: c.get('requestId'),
    client: c.get('client'),
    yieldToEventLoop: c.get('yieldToEventLoop'),
  }
}
