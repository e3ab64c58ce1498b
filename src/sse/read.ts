import { ApiError } from '../errors.ts'
import { type Bytes, type Chunks, openChunks } from './chunks.ts'
import { createSseDecoder, type SseDecoder, type SseMessage } from './decode.ts'
import { createSilenceTimer, type SilenceTimer } from './silence.ts'

export interface ReadSseOptions {
  /** Its abort closes the source at once, whether or not anybody has begun to iterate. */
  signal: AbortSignal
  /** The longest wait for bytes, in milliseconds; 0, the default, waits for ever. */
  idleMs?: number | undefined
  /** See `createSseDecoder()`. */
  maxEventBytes?: number | undefined
}

/** Messages as they come off the network: those that arrived together travel together. */
export type SseBatches = AsyncIterableIterator<readonly SseMessage[], undefined>

/**
 * Reads a body as server-sent events. Aborting, and `return()` too, take effect even while a read
 * waits. An abort throws its reason if that is an `ApiError`, else `client_closed`; silence throws
 * `upstream_timeout`, a lost connection `upstream_incomplete`. The end of the body is only the end
 * of the body: whether the answer was whole, its last message has to say.
 */
export function readSse(body: ReadableStream<Bytes>, options: ReadSseOptions): SseBatches {
  return new SseReader(openChunks(body), options)
}

/** By hand, since a generator's `return()` would wait for the read that it should end. */
class SseReader implements SseBatches {
  readonly #chunks: Chunks
  readonly #decoder: SseDecoder
  readonly #signal: AbortSignal
  readonly #silence: SilenceTimer
  #failure: ApiError | undefined
  #drained = false
  #ended = false

  constructor(chunks: Chunks, { signal, idleMs = 0, maxEventBytes }: ReadSseOptions) {
    this.#chunks = chunks
    this.#decoder = createSseDecoder({ maxEventBytes })
    this.#signal = signal
    this.#silence = createSilenceTimer(idleMs, () => this.#fail(silent(idleMs)))
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<readonly SseMessage[], undefined>> {
    try {
      const messages = this.#ended ? [] : await this.#nextBatch()
      if (messages.length > 0) return { done: false, value: messages }
      this.#end()
      return { done: true, value: undefined }
    } catch (error) {
      if (this.#ended) return { done: true, value: undefined }
      this.#end()
      throw error
    }
  }

  return(): Promise<IteratorResult<readonly SseMessage[], undefined>> {
    this.#end()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** No messages mean the end. */
  async #nextBatch(): Promise<readonly SseMessage[]> {
    while (!this.#drained) {
      const chunk = await this.#nextChunk()
      if (this.#failure) throw this.#failure
      if (this.#ended) return []
      this.#drained = chunk === undefined
      const messages = chunk ? this.#decoder.push(chunk) : this.#decoder.end()
      if (messages.length > 0) return messages
    }
    return []
  }

  async #nextChunk(): Promise<Bytes | undefined> {
    this.#silence.restart()
    try {
      return await this.#chunks.read()
    } catch (error) {
      throw this.#failure ?? lost(error)
    } finally {
      this.#silence.pause()
    }
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
