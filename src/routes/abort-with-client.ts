import type { Context } from 'hono'
import { type AbortHandle, AbortSource } from '../abort.ts'
import { ApiError, clientClosed } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'

/**
 * Creates the controller that aborts a request's calls to OCI: when the client disconnects, after
 * `total` milliseconds (0 is unlimited), and when the gateway shuts down. Every route that calls OCI
 * uses it.
 */
export function abortWithClient(c: Context<GatewayEnvironment>, total: number): AbortHandle {
  const abort = new AbortSource()
  const client = c.req.raw.signal
  const disconnect = () => abort.abort(clientClosed(client.reason))
  if (client.aborted) disconnect()
  else client.addEventListener('abort', disconnect, { once: true })
  const stopWatching = c.env?.onDisconnect?.(disconnect)
  const permit = c.get('permit')
  if (permit) permit.abort = abort
  const { timers, onEnd } = c.get('lifecycle')
  if (total > 0) timers.after(total, () => abort.abort(timedOut(total)))
  onEnd(() => {
    client.removeEventListener('abort', disconnect)
    stopWatching?.()
  })
  return abort
}

function timedOut(total: number): ApiError {
  return new ApiError(
    'upstream_timeout',
    `The response was not complete within ${total / 1000} seconds (timeouts.totalSeconds)`,
  )
}
