import { ApiError } from '../errors.ts'

/**
 * A controller of our own, which is aborted when the client leaves: it says why, and it can also be
 * ended by an error.
 */
export function followClient(client: AbortSignal): AbortController {
  const abort = new AbortController()
  const leave = () => abort.abort(clientClosed(client.reason))
  if (client.aborted) leave()
  else client.addEventListener('abort', leave, { once: true })
  return abort
}

function clientClosed(cause: unknown): ApiError {
  return new ApiError('client_closed', 'Cannot answer: the client left', { cause })
}
