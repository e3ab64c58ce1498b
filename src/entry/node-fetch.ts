import process from 'node:process'
import type { Dispatcher } from 'undici'
import type { Platform, UpstreamResponse } from '../platform.ts'
import { NodeBody } from './node-body.ts'
import { NodeResponse } from './node-response.ts'
import { releaseBytes } from '../release-bytes.ts'

/** Milliseconds that an idle connection stays open, because a TLS handshake is expensive. */
const KEEP_ALIVE = 30_000

/** As Node's `fetch` sends them. */
const DEFAULT_HEADERS = { 'accept': '*/*', 'user-agent': 'node' }

/**
 * Creates a `fetch` with undici's dispatcher, the engine of Node's `fetch`. It follows no redirects,
 * and it has no timeouts: a model may reason for minutes, and the gateway has its own timeouts.
 */
export function createNodeFetch(): Platform['fetch'] {
  let opened: Promise<Dispatcher> | undefined
  return async (url, init) => send(await (opened ??= openDispatcher()), url, init)
}

/** Loads undici now, because commands that call no other machine do not need it. */
async function openDispatcher(): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici')
  const options = {
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE,
    allowH2: false,
  }
  return usesProxyVariables() ? new EnvHttpProxyAgent(options) : new Agent(options)
}

/** Whether Node's own `fetch` reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
function usesProxyVariables(): boolean {
  const { env, execArgv } = process
  return env['NODE_USE_ENV_PROXY'] === '1' || execArgv.includes('--use-env-proxy') ||
    (env['NODE_OPTIONS'] ?? '').includes('--use-env-proxy')
}

function send(dispatcher: Dispatcher, url: string, init: RequestInit): Promise<UpstreamResponse> {
  const { origin, pathname, search } = new URL(url)
  const { method = 'GET', headers, body, signal } = init
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const call = new Call({ resolve, reject }, signal)
    try {
      dispatcher.dispatch({
        origin,
        path: pathname + search,
        // undici rejects other methods and headers than the types allow.
        method: method as Dispatcher.HttpMethod,
        headers: withDefaults(headers) as Record<string, string>,
        body: bodyOf(body),
      }, call)
    } catch (error) {
      call.fail(error)
    }
  })
}

/** undici reads a stream as an iterable, of which it requests a chunk when the last one is sent. */
function bodyOf(body: RequestInit['body']): Uint8Array | string | null {
  if (!(body instanceof ReadableStream)) return (body ?? null) as Uint8Array | string | null
  return releasing(body) as unknown as Uint8Array
}

async function* releasing(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of body) {
    yield chunk
    releaseBytes(chunk)
  }
}

function withDefaults(headers: RequestInit['headers']): NonNullable<RequestInit['headers']> {
  if (headers !== undefined && 'user-agent' in headers) return headers
  return { ...DEFAULT_HEADERS, ...Object.fromEntries(new Headers(headers)) }
}

interface Receiver {
  resolve(response: UpstreamResponse): void
  reject(error: unknown): void
}

/** One request and its answer. Errors have the form of those of `fetch`. */
class Call implements Dispatcher.DispatchHandler {
  readonly #receiver: Receiver
  readonly #signal: AbortSignal | null | undefined
  #controller: Dispatcher.DispatchController | undefined
  #body: NodeBody | undefined
  #hasEnded = false

  constructor(receiver: Receiver, signal: AbortSignal | null | undefined) {
    this.#receiver = receiver
    this.#signal = signal
    signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#hasEnded) controller.abort(closed())
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    const isInformational = status < 200
    if (isInformational || this.#hasEnded) return
    this.#body = new NodeBody({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      close: () => this.#close(closed()),
    })
    this.#receiver.resolve(new NodeResponse(status, headers, this.#body))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // undici allocates no shared memory.
    this.#body?.push(chunk as Uint8Array<ArrayBuffer>)
  }

  onResponseEnd(): void {
    this.#end()
    this.#body?.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error)
  }

  /** Reports an error of the connection. */
  fail(cause: unknown): void {
    this.#report(new TypeError(this.#body ? 'terminated' : 'fetch failed', { cause }))
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason
    this.#report(reason)
    this.#close(closed())
  }

  #report(error: unknown): void {
    if (this.#hasEnded) return
    this.#end()
    if (this.#body) this.#body.fail(error)
    else this.#receiver.reject(error)
  }

  #close(error: Error): void {
    this.#end()
    this.#controller?.abort(error)
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }
}

/** The reason for undici: without one, it would create an error with a stack for each call. */
function closed(): Error {
  return CLOSED
}

const CLOSED = new Error('The gateway has closed the connection')
