import type { Context } from 'hono'
import type { AbortHandle } from '../abort.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { CallContext } from '../oci/call.ts'
import { clientOf } from '../middleware/identify-client.ts'

/** Creates the context of calls to OCI from a request. */
export function callContext(
  c: Context<GatewayEnvironment>,
  { signal }: Pick<AbortHandle, 'signal'>,
): CallContext {
  return {
    signal,
    timers: c.get('lifecycle').timers,
    requestId: c.get('requestId'),
    client: clientOf(c),
    yieldToEventLoop: c.get('yieldToEventLoop'),
    meter: c.get('meter'),
    observer: c.get('progress'),
    compartmentId: c.get('identity')?.key.compartmentId,
  }
}
