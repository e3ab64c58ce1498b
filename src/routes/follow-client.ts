import type { Context } from 'hono'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'

/**
 * A controller of our own, which is aborted when the client leaves, or after `total` milliseconds
 * (0 is never), or when the gateway ends: it says why, and it can also be ended by an error.
 */
export function followClient(c: Context<GatewayEnvironment>, total: number): AbortController {
  const abort = new AbortController()
  const client = c.req.raw.signal
  const leave = () => abort.abort(clientClosed(client.reason))
  if (client.aborted) leave()
  else client.addEventListener('abort', leave, { once: true })
  const guest = c.get('guest')
  if (guest) guest.abort = abort
  if (total > 0) limit(c, abort, total)
  return abort
}

/** The timer ends with the request, whose line in the log is the last thing there is of it. */
function limit(c: Context<GatewayEnvironment>, abort: AbortController, total: number): void {
  const timer = setTimeout(() => abort.abort(tooLong(total)), total)
  const finishLog = c.get('finishLog')
  c.set('finishLog', () => {
    clearTimeout(timer)
    finishLog?.()
  })
}

function tooLong(total: number): ApiError {
  return new ApiError(
    'upstream_timeout',
    `Cannot complete the answer: it took longer than ${total / 1000} seconds`,
  )
}

function clientClosed(cause: unknown): ApiError {
  return new ApiError('client_closed', 'Cannot answer: the client left', { cause })
}
