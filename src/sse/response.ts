import { ApiError, clientClosed } from '../errors.ts'
import { encodeText } from './encode.ts'
import { createIdleTimer, type IdleTimer } from './idle-timer.ts'

/** How a stream ended: whole, cut by an error, or because the client left. */
export type StreamOutcome = 'complete' | 'failed' | 'disconnected'

export interface SseResponseOptions {
  /** Aborted when the client leaves or the stream fails: everything upstream hangs on it. */
  abort: AbortController
  /** What to send after each `ms` milliseconds of silence; 0 is never. */
  heartbeat?: { text: string; ms: number } | undefined
  /** The event that tells the client what went wrong; the last thing it gets. */
  onError(error: unknown): string
  /** Called once; must not throw. */
  onEnd?: ((outcome: StreamOutcome) => void) | undefined
  headers?: Readonly<Record<string, string>> | undefined
}

/** Server-sent events, as text or as the bytes of it. */
export type SseText = string | Uint8Array<ArrayBuffer>

type Controller = ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>

const NO_HEARTBEAT = { text: '', ms: 0 }

const HEADERS = [
  ['content-type', 'text/event-stream; charset=utf-8'],
  ['cache-control', 'no-cache, no-transform'],
  ['x-accel-buffering', 'no'],
] as const

/**
 * Answers with batches of server-sent text, or its bytes, as they come, each sent in one piece. The client's pace
 * is the source's: what it does not read is not asked for.
 */
export function sseResponse(
  batches: AsyncIterable<SseText>,
  options: SseResponseOptions,
): Response {
  const headers = new Headers(options.headers)
  for (const [name, value] of HEADERS) headers.set(name, value)
  return new Response(new ReadableStream(new BatchSource(batches, options)), { headers })
}

class BatchSource implements UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> {
  readonly #batches: AsyncIterator<SseText>
  readonly #options: SseResponseOptions
  #silence: IdleTimer | undefined
  #controller: Controller | undefined
  #open = true

  constructor(batches: AsyncIterable<SseText>, options: SseResponseOptions) {
    this.#batches = batches[Symbol.asyncIterator]()
    this.#options = options
  }

  start(controller: Controller): void {
    this.#controller = controller
    const { signal } = this.#options.abort
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
    const { text, ms } = this.#options.heartbeat ?? NO_HEARTBEAT
    this.#silence = createIdleTimer(ms, () => {
      // A client that is behind has enough to read.
      if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encodeText(text))
    })
    this.#silence.restart()
  }

  async pull(controller: Controller): Promise<void> {
    try {
      // The empty text is passed over here: a pull that sends nothing is not repeated.
      while (this.#open) {
        const { done, value } = await this.#batches.next()
        if (!this.#open) return
        if (done) return this.#close(controller)
        if (value !== '') return this.#send(controller, value)
      }
    } catch (error) {
      if (this.#open) this.#fail(controller, error)
    }
  }

  cancel(reason: unknown): void {
    this.#end('disconnected')
    this.#options.abort.abort(reason)
    finish(this.#batches)
  }

  /**
   * Ends the stream at once, even when nobody reads it: a client that disconnected before its first
   * read never cancels the body, and one that stopped reading never pulls again.
   */
  readonly #onAbort = (): void => {
    const { reason } = this.#options.abort.signal
    if (!this.#open || !this.#controller) return
    try {
      this.#fail(this.#controller, reason instanceof ApiError ? reason : clientClosed(reason))
    } catch {
      // The runtime has closed the stream of a client that is gone; a listener must not throw.
    }
  }

  #send(controller: Controller, text: SseText): void {
    this.#silence?.restart()
    controller.enqueue(typeof text === 'string' ? encodeText(text) : text)
  }

  #close(controller: Controller): void {
    controller.close()
    this.#end('complete')
  }

  /** Should even this fail, the stream breaks off, which no client takes for success. */
  #fail(controller: Controller, error: unknown): void {
    this.#end(isClientClosed(error) ? 'disconnected' : 'failed')
    this.#options.abort.abort(error)
    finish(this.#batches)
    controller.enqueue(encodeText(this.#options.onError(error)))
    controller.close()
  }

  #end(outcome: StreamOutcome): void {
    if (!this.#open) return
    this.#open = false
    this.#silence?.stop()
    this.#options.abort.signal.removeEventListener('abort', this.#onAbort)
    this.#options.onEnd?.(outcome)
  }
}

function isClientClosed(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'client_closed'
}

/** Not waited for: the next batch may take its time, and only then a generator hears of it. */
async function finish(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // Nobody is left to be told.
  }
}
