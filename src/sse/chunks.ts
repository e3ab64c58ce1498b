import type { ByteBody, ByteReader } from '../platform.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** The result of one read. Its bytes are valid until the next read, or longer with `keep`. */
export type ChunkResult = ReadableStreamReadResult<Bytes>

/** Reads the chunks of a body. */
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
  /** Whether the bytes stay valid after the next read. Only coalesced chunks are copied for this. */
  keep?: boolean | undefined
}

const BUFFER_SIZE = 64 * 1024
const MAX_SMALL_CHUNK = 4 * 1024

/** Milliseconds to collect a burst of chunks. The next token of a model takes longer. */
const BURST_TIME = 1

/**
 * Opens a body for reading. With `coalesceChunks`, small chunks in quick succession are returned as
 * one, because each costs a write to the client. The first chunk and chunks that arrive after a wait
 * are returned immediately.
 */
export function openChunks(
  body: ByteBody,
  { coalesceChunks = false, keep = false }: ChunksOptions = {},
): Chunks {
  return coalesceChunks && body instanceof ReadableStream
    ? new BurstReader(openSource(body), keep)
    : readUnchanged(body.getReader())
}

class BurstReader implements Chunks {
  readonly #source: Source
  readonly #keep: boolean
  /** A read that was still pending at the end of its burst. */
  #pending: Promise<ChunkResult> | undefined
  /** The last chunk, whose buffer the next read reuses. */
  #used: Bytes | undefined
  #burst: Bytes | undefined
  #isFirst = true

  constructor(source: Source, keep: boolean) {
    this.#source = source
    this.#keep = keep
  }

  async read(): Promise<ChunkResult> {
    const startedAt = performance.now()
    const chunk = await (this.#pending ?? this.#source.read(this.#used))
    this.#pending = undefined
    this.#used = chunk.value
    const isBurst = !this.#isFirst && performance.now() - startedAt < BURST_TIME
    this.#isFirst = false
    if (chunk.done) return chunk
    return isBurst && chunk.value.length <= MAX_SMALL_CHUNK
      ? this.#collectBurst(chunk.value)
      : this.#toResult(chunk.value)
  }

  cancel(reason: unknown): void {
    this.#source.cancel(reason)
  }

  async #collectBurst(first: Bytes): Promise<ChunkResult> {
    const burst = this.#burst ??= new Uint8Array(BUFFER_SIZE)
    burst.set(first)
    let size = first.length
    const timeout = new Promise<undefined>((resolve) => setTimeout(resolve, BURST_TIME))
    while (true) {
      this.#pending = this.#source.read(this.#used)
      const chunk = await Promise.race([this.#pending, timeout]).catch(() => undefined)
      // The next `read()` returns the end, an error, or a chunk that does not fit.
      if (!chunk || chunk.done || size + chunk.value.length > BUFFER_SIZE) break
      burst.set(chunk.value, size)
      size += chunk.value.length
      this.#used = chunk.value
    }
    return this.#toResult(burst.subarray(0, size))
  }

  #toResult(value: Bytes): ChunkResult {
    return { done: false, value: this.#keep ? value.slice() : value }
  }
}

interface Source {
  /** Reads the next chunk. May overwrite the buffer of `used`. */
  read(used: Bytes | undefined): Promise<ChunkResult>
  cancel(reason: unknown): void
}

/** Reading into one's own buffer halves the cost on Deno and adds a quarter on Node (measured). */
function openSource(body: ReadableStream<Bytes>): Source {
  const reader = openByob(body)
  if (!reader) return readUnchanged(body.getReader())
  return {
    read: (used) => reader.read(new Uint8Array(used?.buffer ?? new ArrayBuffer(BUFFER_SIZE))),
    cancel: (reason) => void reader.cancel(reason).catch(() => {}),
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
