import { ApiError } from '../errors.ts'
import { type Bytes, type Chunks, type ChunksOptions, openChunks } from './chunks.ts'
import { createSseDecoder, type SseMessage } from './decode.ts'
import { createIdleTimer, type IdleTimer } from './idle-timer.ts'

export interface ReadOptions extends ChunksOptions {
  /** Its abort closes the source at once, whether or not anybody has begun to iterate. */
  signal: AbortSignal
  /** The longest wait for bytes, in milliseconds; 0, the default, waits for ever. */
  idleMs?: number | undefined
}

export interface ReadSseOptions extends ReadOptions {
  /** See `createSseDecoder()`. */
  maxEventBytes?: number | undefined
}

/** What makes batches of bytes, however the bytes were cut; an empty one is never given on. */
export interface BatchDecoder<Batch extends { readonly length: number }> {
  push(bytes: Bytes): Batch
  end(): Batch
}

/** What comes off the network: things that arrived together travel together. */
export type Batches<Batch> = AsyncIterableIterator<Batch, undefined>

export type SseBatches = Batches<readonly SseMessage[]>

/**
 * Reads a body as server-sent events. Aborting, and `return()` too, take effect even while a read
 * waits. An abort throws its reason if that is an `ApiError`, else `client_closed`; silence throws
 * `upstream_timeout`, a lost connection `upstream_incomplete`. The end of the body is only the end
 * of the body: whether the answer was whole, its last message has to say.
 */
export function readSse(body: ReadableStream<Bytes>, options: ReadSseOptions): SseBatches {
  const { maxEventBytes } = options
  return readDecoded(body, createSseDecoder({ maxEventBytes }), options)
}

/** The same for any decoder. */
export function readDecoded<Batch extends { readonly length: number }>(
  body: ReadableStream<Bytes>,
  decoder: BatchDecoder<Batch>,
  options: ReadOptions,
): Batches<Batch> {
  return new BatchReader(openChunks(body, options), decoder, options)
}

const DONE = { done: true, value: undefined } as const

/** By hand, since a generator's `return()` would wait for the read that it should end. */
class BatchReader<Batch extends { readonly length: number }> implements Batches<Batch> {
  readonly #chunks: Chunks
  readonly #decoder: BatchDecoder<Batch>
  readonly #signal: AbortSignal
  readonly #silence: IdleTimer
  #failure: ApiError | undefined
  #drained = false
  #ended = false

  constructor(chunks: Chunks, decoder: BatchDecoder<Batch>, { signal, idleMs = 0 }: ReadOptions) {
    this.#chunks = chunks
    this.#decoder = decoder
    this.#signal = signal
    this.#silence = createIdleTimer(idleMs, () => this.#fail(silent(idleMs)))
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** One `async` function for all of it: each further one would cost every word of every stream. */
  async next(): Promise<IteratorResult<Batch, undefined>> {
    let isReading = false
    try {
      while (!this.#drained && !this.#ended) {
        this.#silence.restart()
        isReading = true
        const piece = await this.#chunks.read()
        isReading = false
        this.#silence.pause()
        if (this.#failure) throw this.#failure
        if (this.#ended) break
        this.#drained = piece.done
        const batch = piece.done ? this.#decoder.end() : this.#decoder.push(piece.value)
        if (batch.length > 0) return { done: false, value: batch }
      }
      this.#end()
      return DONE
    } catch (error) {
      if (this.#ended) return DONE
      this.#end()
      throw this.#failure ?? (isReading ? lost(error) : error)
    }
  }

  return(): Promise<IteratorResult<Batch, undefined>> {
    this.#end()
    return Promise.resolve(DONE)
  }

  readonly #onAbort = (): void => this.#fail(aborted(this.#signal.reason))

  #fail(error: ApiError): void {
    if (this.#ended) return
    this.#failure ??= error
    // Perhaps nobody comes to hear of it, and a timer keeps a process alive.
    this.#silence.stop()
    this.#chunks.cancel(error)
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#silence.stop()
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#chunks.cancel(undefined)
  }
}

function aborted(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason
  return new ApiError('client_closed', 'Cannot read the stream: the request was aborted', {
    cause: reason,
  })
}

function silent(ms: number): ApiError {
  return new ApiError('upstream_timeout', `Cannot read the stream: no bytes for ${ms} ms`)
}

function lost(cause: unknown): ApiError {
  return new ApiError('upstream_incomplete', 'Cannot read the stream: the connection was lost', {
    cause,
  })
}
