import type { Readable } from 'node:stream'

/** The end of a body that is read and discarded after an error. */
export interface LingerLimits {
  bytes: number
  milliseconds: number
}

/** Twice the default body limit, and long enough for a client that a busy machine delays. */
const LIMITS: LingerLimits = { bytes: 64 * 1024 * 1024, milliseconds: 30_000 }

/** The used part of Node's request. */
type Incoming = Readable & { complete: boolean }

/**
 * Keeps a connection open while its client still sends the body of a request that was answered with
 * an error, and discards the rest of the body. The adapter closes such a connection after 500 ms: a
 * client that writes before it reads would then fail with EPIPE and lose the error (measured).
 * The response has a length, so a client that reads receives the whole error at once.
 */
export async function lingerOnError(
  response: Response,
  incoming: Incoming,
  limits: LingerLimits = LIMITS,
): Promise<Response> {
  if (response.status < 400 || incoming.complete || !response.body) return response
  const bytes = new Uint8Array(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.set('content-length', String(bytes.length))
  const discarded = discardBody(incoming, limits)
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes),
    async pull(controller) {
      await discarded
      controller.close()
    },
  })
  return new Response(body, { status: response.status, headers })
}

/** Resolves when the body has ended, the client has disconnected, or a limit is reached. */
function discardBody(incoming: Incoming, { bytes, milliseconds }: LingerLimits): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  let received = 0
  // The listener of the request's web stream would pause the body and buffer it.
  incoming.removeAllListeners('data')
  incoming.on('data', (chunk: Uint8Array) => {
    received += chunk.length
    if (received > bytes) resolve()
  })
  incoming.once('close', resolve)
  incoming.once('end', resolve)
  incoming.resume()
  return promise.finally(() => clearTimeout(timer))
}
