import type { ByteBody, ByteReader } from '../platform.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Read = ReadableStreamReadResult<Bytes>

/** Controls the connection of a body. */
export interface BodySource {
  pause(): void
  resume(): void
  /** Closes the connection before the end of the body. */
  close(): void
}

/** Unread bytes from which the connection is paused. */
const MAX_UNREAD = 64 * 1024

/** A body that arrives. Bytes that arrive in one turn of the event loop are read at once. */
export class NodeBody implements ByteBody, ByteReader {
  readonly #source: BodySource
  #chunks: Bytes[] = []
  #unread = 0
  #isPaused = false
  #hasEnded = false
  #failure: { error: unknown } | undefined
  #wake: (() => void) | undefined

  constructor(source: BodySource) {
    this.#source = source
  }

  getReader(): ByteReader {
    return this
  }

  async read(): Promise<Read> {
    // The chunks of one network packet arrive one after another before the promise continues.
    while (this.#chunks.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => this.#wake = resolve)
    }
    if (this.#chunks.length > 0) return { done: false, value: this.#take() }
    if (this.#failure) throw this.#failure.error
    return { done: true, value: undefined }
  }

  cancel(): Promise<void> {
    this.#chunks = []
    if (!this.#hasEnded) {
      this.end()
      this.#source.close()
    }
    return Promise.resolve()
  }

  /** Adds bytes that have arrived. */
  push(chunk: Bytes): void {
    if (this.#hasEnded) return
    this.#chunks.push(chunk)
    this.#unread += chunk.length
    if (this.#unread >= MAX_UNREAD && !this.#isPaused) {
      this.#isPaused = true
      this.#source.pause()
    }
    this.#wake?.()
  }

  end(): void {
    this.#hasEnded = true
    this.#wake?.()
  }

  /** Ends the body with an error, which is thrown after the unread bytes. */
  fail(error: unknown): void {
    this.#failure = { error }
    this.end()
  }

  #take(): Bytes {
    const chunks = this.#chunks
    const [first] = chunks
    const bytes = first !== undefined && chunks.length === 1 ? first : concat(chunks, this.#unread)
    this.#chunks = []
    this.#unread = 0
    if (this.#isPaused) {
      this.#isPaused = false
      this.#source.resume()
    }
    return bytes
  }
}

function concat(chunks: readonly Bytes[], length: number): Bytes {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
