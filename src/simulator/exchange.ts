/** How an exchange ended: answered whole, broken off by a fault, or left by the client. */
export type Ending = 'completed' | 'interrupted' | 'client-disconnected'

/** A request as the simulator saw it. */
export interface ReceivedRequest {
  method: string
  /** Path and query. */
  path: string
  headers: Headers
  body: Uint8Array<ArrayBuffer>
  /** The body, parsed; `undefined` when it is not JSON. */
  json: unknown
  ended: Promise<Ending>
}

/** A request with the means to tell how its answer ends. */
export interface Exchange {
  received: ReceivedRequest
  /** Kept as long as the answer lasts: some runtimes let a signal die with its request. */
  request: Request
  url: URL
  /** Tells the first ending; later ones change nothing. */
  end(ending: Ending): void
  /** Set once the answer is a stream, whose end comes later than its headers. */
  isStreaming: boolean
}

/** Reads a request to its end. */
export async function readExchange(request: Request): Promise<Exchange> {
  const body = new Uint8Array(await request.arrayBuffer())
  const url = new URL(request.url)
  const { promise, resolve } = Promise.withResolvers<Ending>()
  const received = {
    method: request.method,
    path: url.pathname + url.search,
    headers: request.headers,
    body,
    json: parse(new TextDecoder().decode(body)),
    ended: promise,
  }
  return { received, request, url, end: resolve, isStreaming: false }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
