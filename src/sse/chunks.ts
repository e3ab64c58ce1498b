import type { ByteBody, ByteReader } from '../platform.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** The chunks of an empty body. */
export async function* noBytes(): AsyncGenerator<Bytes, undefined> {}

/** The result of one read. */
export type ChunkResult = ReadableStreamReadResult<Bytes>

/** Reads the chunks of a body, one read at a time. */
export interface Chunks {
  read(): Promise<ChunkResult>
  /** Closes the body and ends a pending read. Never throws. */
  cancel(reason: unknown): void
}

export interface ChunksOptions {
  /**
   * Whether small chunks are coalesced. Deno and workerd return each network chunk separately, and
   * each read is expensive; Node and Bun already coalesce chunks.
   */
  coalesceChunks?: boolean | undefined
}

const BUFFER_SIZE = 64 * 1024
const MAX_SMALL_CHUNK = 4 * 1024

/**
 * Milliseconds without a chunk after which a burst is over, or twice as many. The next token of a
 * model takes longer.
 */
const BURST_TIME = 1

/**
 * Milliseconds after which the collected part of a longer burst is returned. When many streams share
 * the processor, the chunks of one follow each other slowly, and each return costs as much as reading
 * several chunks.
 */
const MAX_BURST_TIME = 8

/**
 * Opens a body for reading. With `coalesceChunks`, small chunks in quick succession are returned as
 * one, because each costs a write to the client. The first chunk and chunks that arrive after a wait
 * are returned immediately.
 */
export function openChunks(
  body: ByteBody,
  { coalesceChunks = false }: ChunksOptions = {},
): Chunks {
  return coalesceChunks && body instanceof ReadableStream
    ? new BurstReader(openSource(body))
    : readUnchanged(body.getReader())
}

const DONE: ChunkResult = { done: true, value: undefined }

/**
 * Reads ahead, at most one buffer, so that the chunks of a burst cost one promise each: no timer, no
 * race, and no turn of the caller.
 */
class BurstReader implements Chunks {
  readonly #source: Source
  /** Chunks that were not returned yet. */
  #chunks: Bytes[] = []
  #size = 0
  #hasLarge = false
  #waiting: PromiseWithResolvers<ChunkResult> | undefined
  #returnedAt = -Infinity
  /** Runs while a burst is collected for the pending read. */
  #timer: ReturnType<typeof setTimeout> | undefined
  #burstSince = 0
  /** Whether chunks have arrived since the timer was set. */
  #hasGrown = false
  #isStarted = false
  #hasEnded = false
  #failure: { error: unknown } | undefined
  #resume: (() => void) | undefined

  constructor(source: Source) {
    this.#source = source
  }

  read(): Promise<ChunkResult> {
    const waiting = this.#waiting = Promise.withResolvers<ChunkResult>()
    if (this.#hasEnded) this.#flush()
    else if (this.#chunks.length > 0) this.#returnAfterBurst()
    else if (!this.#isStarted) void this.#readAhead()
    return waiting.promise
  }

  cancel(reason: unknown): void {
    this.#chunks = []
    this.#size = 0
    this.#end(undefined)
    this.#resume?.()
    this.#source.cancel(reason)
  }

  async #readAhead(): Promise<void> {
    this.#isStarted = true
    try {
      while (!this.#hasEnded) {
        const { done, value } = await this.#source.read()
        if (done || this.#hasEnded) break
        this.#add(value)
        if (this.#size >= BUFFER_SIZE) await new Promise<void>((free) => this.#resume = free)
      }
      this.#end(undefined)
    } catch (error) {
      this.#end({ error })
    }
  }

  #add(chunk: Bytes): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    this.#hasLarge ||= chunk.length > MAX_SMALL_CHUNK
    if (this.#waiting) this.#returnAfterBurst()
  }

  /** Ends the pending read now or, within a burst, when the burst has been collected. */
  #returnAfterBurst(): void {
    if (this.#hasLarge || this.#size >= BUFFER_SIZE) this.#flush()
    else if (this.#timer !== undefined) this.#hasGrown = true
    else {
      const now = performance.now()
      if (now - this.#returnedAt >= BURST_TIME) return this.#flush()
      this.#burstSince = now
      this.#awaitChunks()
    }
  }

  #awaitChunks(): void {
    this.#hasGrown = false
    this.#timer = setTimeout(() => {
      const isLong = performance.now() - this.#burstSince >= MAX_BURST_TIME
      if (this.#hasGrown && !isLong) this.#awaitChunks()
      else this.#flush()
    }, BURST_TIME)
  }

  #end(failure: { error: unknown } | undefined): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#failure = failure
    this.#flush()
  }

  /** Ends the pending read with what has arrived. */
  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = undefined
    if (this.#chunks.length > 0) waiting?.resolve(this.#take())
    else if (this.#failure) waiting?.reject(this.#failure.error)
    else waiting?.resolve(DONE)
  }

  /** Takes the first chunk, or all small chunks at the beginning. */
  #take(): ChunkResult {
    this.#returnedAt = performance.now()
    let [count, size] = [0, 0]
    for (const { length } of this.#chunks) {
      if (count > 0 && (length > MAX_SMALL_CHUNK || size + length > BUFFER_SIZE)) break
      count++
      size += length
      if (length > MAX_SMALL_CHUNK) break
    }
    const taken = this.#chunks.splice(0, count)
    this.#size -= size
    this.#hasLarge = this.#chunks.some(({ length }) => length > MAX_SMALL_CHUNK)
    if (this.#size < BUFFER_SIZE) {
      this.#resume?.()
      this.#resume = undefined
    }
    return { done: false, value: count === 1 ? taken[0]! : concat(taken, size) }
  }
}

function concat(chunks: readonly Bytes[], size: number): Bytes {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

type Source = Chunks

/** Reading into one's own buffer halves the cost on Deno and adds a quarter on Node (measured). */
function openSource(body: ReadableStream<Bytes>): Source {
  const reader = openByob(body)
  return reader ? new BufferedSource(reader) : readUnchanged(body.getReader())
}

/** Reads every chunk into the same buffer and returns a copy. */
class BufferedSource implements Source {
  readonly #reader: ReadableStreamBYOBReader
  #buffer: ArrayBuffer | undefined

  constructor(reader: ReadableStreamBYOBReader) {
    this.#reader = reader
  }

  async read(): Promise<ChunkResult> {
    const view = new Uint8Array(this.#buffer ?? new ArrayBuffer(BUFFER_SIZE))
    const { done, value } = await this.#reader.read(view)
    if (done) return DONE
    this.#buffer = value.buffer
    return { done, value: value.slice() }
  }

  cancel(reason: unknown): void {
    void this.#reader.cancel(reason).catch(() => {})
  }
}

function readUnchanged(reader: ByteReader): Chunks {
  return {
    read: () => reader.read(),
    cancel: (reason) => void reader.cancel(reason).catch(() => {}),
  }
}

/** Returns `undefined` unless the body is a byte stream, which only an attempt reveals. */
function openByob(body: ReadableStream<Bytes>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
}
