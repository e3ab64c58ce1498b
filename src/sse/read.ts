import type { AbortState } from '../abort.ts'
import { ApiError } from '../errors.ts'
import type { ByteBody } from '../platform.ts'
import { type Bytes, type Chunks, type ChunksOptions, openChunks } from './chunks.ts'
import { createIdleTimer, type IdleTimer } from './idle-timer.ts'

export interface ReadOptions extends ChunksOptions {
  /** Aborting it closes the body immediately, even before the first read. */
  signal: AbortState
  /** Maximum wait for bytes, in milliseconds; 0, the default, waits forever. */
  idleMs?: number | undefined
  /** Called once. The read that ends a complete body waits for the result, and fails if it rejects. */
  onEnd?: ((end: ReadEnd) => Promise<void> | void) | undefined
}

/** How the reading of a body ended. */
export type ReadEnd =
  | { type: 'complete' }
  | { type: 'failed'; error: unknown }
  /** The reader did not want the rest. */
  | { type: 'cancelled' }

/** Decodes chunks of bytes to batches. An empty batch is skipped. */
export interface BatchDecoder<Batch extends { readonly length: number }> {
  push(bytes: Bytes): Batch
  end(): Batch
  /** Whether the rest of the body is not needed: a read then returns even an empty batch. */
  readonly done?: boolean
}

/** Batches of items: each has the items that arrived in one chunk. */
export interface Batches<Batch> extends AsyncIterableIterator<Batch, undefined> {
  /** Returns the result of the following `next()`. */
  peek(): Promise<IteratorResult<Batch, undefined>>
}

/**
 * Reads a body with a decoder. Aborting and `return()` take effect even while a read is pending. An
 * abort throws its reason if that is an `ApiError`, else `client_closed`; the idle timeout throws
 * `upstream_timeout`, a lost connection `upstream_incomplete`. The caller must check whether the last
 * batch completes the answer.
 */
export function readDecoded<Batch extends { readonly length: number }>(
  body: ByteBody,
  decoder: BatchDecoder<Batch>,
  options: ReadOptions,
): Batches<Batch> {
  return new BatchReader(openChunks(body, options), decoder, options)
}

const DONE = { done: true, value: undefined } as const

/** Not a generator: its `return()` would wait for the pending read that it should end. */
class BatchReader<Batch extends { readonly length: number }> implements Batches<Batch> {
  readonly #chunks: Chunks
  readonly #decoder: BatchDecoder<Batch>
  readonly #signal: AbortState
  readonly #idleTimer: IdleTimer
  readonly #onEnd: ReadOptions['onEnd']
  #peeked: Promise<IteratorResult<Batch, undefined>> | undefined
  #failure: ApiError | undefined
  #drained = false
  #ended = false

  constructor(chunks: Chunks, decoder: BatchDecoder<Batch>, options: ReadOptions) {
    const { signal, idleMs = 0, onEnd } = options
    this.#onEnd = onEnd
    this.#chunks = chunks
    this.#decoder = decoder
    this.#signal = signal
    this.#idleTimer = createIdleTimer(idleMs, () => this.#fail(timedOut(idleMs)))
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  peek(): Promise<IteratorResult<Batch, undefined>> {
    return this.#peeked ??= this.#read()
  }

  next(): Promise<IteratorResult<Batch, undefined>> {
    const next = this.peek()
    this.#peeked = undefined
    return next
  }

  return(): Promise<IteratorResult<Batch, undefined>> {
    if (this.#close()) void this.#onEnd?.({ type: 'cancelled' })
    return Promise.resolve(DONE)
  }

  /** A single `async` function, because another one would add to the cost of each event. */
  async #read(): Promise<IteratorResult<Batch, undefined>> {
    let isReading = false
    try {
      while (!this.#drained && !this.#ended) {
        this.#idleTimer.restart()
        isReading = true
        const chunk = await this.#chunks.read()
        isReading = false
        this.#idleTimer.pause()
        if (this.#failure) throw this.#failure
        if (this.#ended) break
        this.#drained = chunk.done
        const batch = chunk.done ? this.#decoder.end() : this.#decoder.push(chunk.value)
        if (batch.length > 0 || this.#decoder.done) return { done: false, value: batch }
      }
    } catch (thrown) {
      if (!this.#close()) return DONE
      const error = this.#failure ?? (isReading ? lost(thrown) : thrown)
      void this.#onEnd?.({ type: 'failed', error })
      throw error
    }
    if (this.#close()) await this.#onEnd?.({ type: 'complete' })
    return DONE
  }

  readonly #onAbort = (): void => this.#fail(aborted(this.#signal.reason))

  #fail(error: ApiError): void {
    if (this.#ended) return
    this.#failure ??= error
    // There may be no further read to stop the timer, which would keep the process alive.
    this.#idleTimer.stop()
    this.#chunks.cancel(error)
  }

  /** Returns whether it was still open. */
  #close(): boolean {
    if (this.#ended) return false
    this.#ended = true
    this.#idleTimer.stop()
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#chunks.cancel(undefined)
    return true
  }
}

function aborted(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason
  return new ApiError('client_closed', 'The request was aborted', {
    cause: reason,
  })
}

function timedOut(ms: number): ApiError {
  return new ApiError(
    'upstream_timeout',
    `OCI sent no data for ${ms / 1000} seconds (timeouts.idleSeconds)`,
  )
}

function lost(cause: unknown): ApiError {
  return new ApiError(
    'upstream_incomplete',
    "OCI's stream was interrupted: connection lost",
    { cause },
  )
}
