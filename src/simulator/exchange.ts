/** How an exchange ended: with a complete response, with a simulated fault, or by the client. */
export type Ending = 'completed' | 'interrupted' | 'client-disconnected'

/** A request as the simulator received it. */
export interface ReceivedRequest {
  method: string
  /** Path and query. */
  path: string
  headers: Headers
  body: Uint8Array<ArrayBuffer>
  /** The parsed body; `undefined` if it is not JSON. */
  json: unknown
  ended: Promise<Ending>
  /** Fails the connection of a stream that `stall-after` or `open` keeps open. */
  interrupt(): void
}

/** A request together with the function that reports how its response ended. */
export interface Exchange {
  received: ReceivedRequest
  /** Referenced until the response ends: on some runtimes a collected request loses its signal. */
  request: Request
  url: URL
  /** Aborted when the stream is to fail. */
  interrupted: AbortSignal
  /** Reports the first ending; later calls have no effect. */
  end(ending: Ending): void
  /** Whether the response is a stream, which ends later than its headers. */
  isStreaming: boolean
}

/** Reads a request including its body. */
export async function readExchange(request: Request): Promise<Exchange> {
  const body = new Uint8Array(await request.arrayBuffer())
  const url = new URL(request.url)
  const { promise, resolve } = Promise.withResolvers<Ending>()
  const interruption = new AbortController()
  const received = {
    method: request.method,
    path: url.pathname + url.search,
    headers: request.headers,
    body,
    json: isForm(request) ? undefined : parse(new TextDecoder().decode(body)),
    ended: promise,
    interrupt: () => interruption.abort(),
  }
  return {
    received,
    request,
    url,
    interrupted: interruption.signal,
    end: resolve,
    isStreaming: false,
  }
}

function isForm({ headers }: Request): boolean {
  return /^multipart\//i.test(headers.get('content-type') ?? '')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
