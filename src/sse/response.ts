import type { AbortHandle } from '../abort.ts'
import { ApiError, clientClosed } from '../errors.ts'
import { createIdleTimer, type IdleTimer } from './idle-timer.ts'

/** How a stream ended. */
export type StreamOutcome = 'complete' | 'failed' | 'disconnected'

export interface SseResponseOptions<Batch> {
  /** Aborted when the client disconnects or the stream fails, to abort all upstream calls. */
  abort: AbortHandle
  encoder: BatchEncoder<Batch>
  /** Text to send after each `ms` idle milliseconds; 0 disables it. */
  heartbeat?: { text: string; ms: number } | undefined
  /** Returns the error event, the last one of the stream. */
  onError(error: unknown): string
  /** Called once; must not throw. */
  onEnd?: ((outcome: StreamOutcome) => void) | undefined
  headers?: Readonly<Record<string, string>> | undefined
  /** Creates the response where the runtime has a faster way than a `ReadableStream`. */
  respond?: ((source: SseSource, headers: Readonly<Record<string, string>>) => Response) | undefined
}

/** Encodes batches as server-sent events. Empty text is left out. */
export interface BatchEncoder<Batch> {
  /** The events before the first batch, which are sent at once. */
  start?(): string
  encode(batch: Batch): SseText
  /** The events after the last batch. */
  end?(): string
  /** Resolves when what was encoded may be sent; `undefined` if it may be sent now. */
  stored?(): Promise<void> | undefined
}

/** The source of a streamed response. `ReadableStream` calls it in the same way. */
export interface SseSource {
  /** Starts to send batches. Pauses while `desiredSize` is not positive. */
  start(sink: SseSink): void
  /** Continues after a pause. */
  pull(): void
  /** Ends the stream because the client has disconnected. */
  cancel(reason: unknown): void
}

/** The receiver of a streamed response. */
export interface SseSink {
  enqueue(events: SseText): void
  close(): void
  error(reason: unknown): void
  /** Positive if the client has read everything. */
  readonly desiredSize: number | null
}

/** Server-sent events, as text or as UTF-8. */
export type SseText = string | Uint8Array<ArrayBuffer>

const NO_HEARTBEAT = { text: '', ms: 0 }

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const

/**
 * Creates a streamed response. Each batch is sent in one chunk. Batches are only requested as fast as
 * the client reads.
 */
export function sseResponse<Batch>(
  batches: AsyncIterable<Batch>,
  options: SseResponseOptions<Batch>,
): Response {
  const source = new BatchSource(batches, options)
  if (options.respond) return options.respond(source, { ...options.headers, ...HEADERS })
  const headers = new Headers(options.headers)
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value)
  return new Response(new ReadableStream(bytesOf(source)), { headers })
}

/** A `ReadableStream` of a response takes only bytes. */
function bytesOf(source: SseSource): UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> {
  return {
    start: (controller) => source.start(new ByteSink(controller)),
    pull: () => source.pull(),
    cancel: (reason) => source.cancel(reason),
  }
}

const textEncoder = new TextEncoder()

class ByteSink implements SseSink {
  readonly #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>

  constructor(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) {
    this.#controller = controller
  }

  get desiredSize(): number | null {
    return this.#controller.desiredSize
  }

  enqueue(events: SseText): void {
    this.#controller.enqueue(typeof events === 'string' ? textEncoder.encode(events) : events)
  }

  close(): void {
    this.#controller.close()
  }

  error(reason: unknown): void {
    this.#controller.error(reason)
  }
}

/** Pushes batches while the client reads: a promise for each pull would add to the cost of each. */
class BatchSource<Batch> implements SseSource {
  readonly #batches: AsyncIterator<Batch>
  readonly #options: SseResponseOptions<Batch>
  #idleTimer: IdleTimer | undefined
  #controller: SseSink | undefined
  #open = true
  /** Continues when the client has read what was sent. */
  #resume: (() => void) | undefined

  constructor(batches: AsyncIterable<Batch>, options: SseResponseOptions<Batch>) {
    this.#batches = batches[Symbol.asyncIterator]()
    this.#options = options
  }

  start(controller: SseSink): void {
    // The client may have disconnected before.
    if (!this.#open) return
    this.#controller = controller
    const { signal } = this.#options.abort
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
    // A timer would never be stopped.
    if (!this.#open) return
    const { text, ms } = this.#options.heartbeat ?? NO_HEARTBEAT
    this.#idleTimer = createIdleTimer(ms, () => {
      // A slow client still has data to read.
      if ((controller.desiredSize ?? 0) > 0) controller.enqueue(text)
    })
    this.#idleTimer.restart()
    this.#run(controller).catch((error) => controller.error(error))
  }

  pull(): void {
    this.#resume?.()
  }

  cancel(reason: unknown): void {
    this.#end('disconnected')
    this.#options.abort.abort(reason)
    finish(this.#batches)
  }

  /**
   * Ends the stream immediately, without waiting for a read: a client that disconnected before its
   * first read never cancels the body, and one that stopped reading never pulls again.
   */
  readonly #onAbort = (): void => {
    const { reason } = this.#options.abort.signal
    if (!this.#open || !this.#controller) return
    try {
      this.#fail(this.#controller, reason instanceof ApiError ? reason : clientClosed(reason))
    } catch {
      // The runtime may have closed the stream already, and a listener must not throw.
    }
  }

  /** Encodes batches itself: an iterator that does so would add a promise to the cost of each. */
  async #run(controller: SseSink): Promise<void> {
    const { encoder } = this.#options
    try {
      let events: SseText = encoder.start?.() ?? ''
      for (let isLast = false; this.#open;) {
        if (events.length > 0) {
          this.#send(controller, events)
          if (!isLast && (controller.desiredSize ?? 0) <= 0) {
            await new Promise<void>((resolve) => this.#resume = resolve)
          }
        }
        if (isLast) return this.#close(controller)
        const { done, value } = await this.#batches.next()
        if (!this.#open) return
        isLast = done === true
        events = done ? encoder.end?.() ?? '' : encoder.encode(value)
        const stored = encoder.stored?.()
        if (stored) await stored
      }
    } catch (error) {
      if (this.#open) this.#fail(controller, error)
    }
  }

  #send(controller: SseSink, events: SseText): void {
    this.#idleTimer?.restart()
    controller.enqueue(events)
  }

  #close(controller: SseSink): void {
    controller.close()
    this.#end('complete')
  }

  /** If sending the error event fails, the stream breaks off, which clients treat as a failure. */
  #fail(controller: SseSink, error: unknown): void {
    this.#end(isClientClosed(error) ? 'disconnected' : 'failed')
    this.#options.abort.abort(error)
    finish(this.#batches)
    controller.enqueue(this.#options.onError(error))
    controller.close()
  }

  #end(outcome: StreamOutcome): void {
    if (!this.#open) return
    this.#open = false
    this.#idleTimer?.stop()
    this.#resume?.()
    this.#options.abort.signal.removeEventListener('abort', this.#onAbort)
    this.#options.onEnd?.(outcome)
  }
}

function isClientClosed(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'client_closed'
}

/** The caller does not wait: a generator handles `return()` only after its pending batch. */
async function finish(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // The response has ended, so the error has no receiver.
  }
}
