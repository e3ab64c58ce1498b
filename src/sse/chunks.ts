export type Bytes = Uint8Array<ArrayBuffer>

/** What one read brought; the bytes are valid until the following read, unless asked to `keep`. */
export type Piece = ReadableStreamReadResult<Bytes>

/** A body, read by hand. */
export interface Chunks {
  read(): Promise<Piece>
  /** Closes the body, and ends a read that still waits; never fails. */
  cancel(reason: unknown): void
}

export interface ChunksOptions {
  /**
   * Whether the runtime hands over each piece of the network by itself, at a high price each, as
   * Deno and workerd do. Node and Bun hand over many as one.
   */
  coalesceChunks?: boolean | undefined
  /** Whether the bytes stay valid. Only those that come coalesceChunks need a copy for it. */
  keep?: boolean | undefined
}

const BUFFER_SIZE = 64 * 1024
const SMALL = 4 * 1024

/** How long, in milliseconds, a burst is gathered; a model's next word is further away than that. */
const BURST = 1

/**
 * Takes hold of a body. Where pieces come one by one, small ones in quick succession are given as
 * one, since each costs a write to the client; what had to be waited for, and the first piece, are
 * given at once.
 */
export function openChunks(
  body: ReadableStream<Bytes>,
  { coalesceChunks = false, keep = false }: ChunksOptions = {},
): Chunks {
  return coalesceChunks ? new BurstReader(openSource(body), keep) : readAsGiven(body.getReader())
}

class BurstReader implements Chunks {
  readonly #source: Source
  readonly #keep: boolean
  /** A read that was still under way when its burst was over. */
  #ahead: Promise<Piece> | undefined
  #spent: Bytes | undefined
  #burst: Bytes | undefined
  #isFirst = true

  constructor(source: Source, keep: boolean) {
    this.#source = source
    this.#keep = keep
  }

  async read(): Promise<Piece> {
    const asked = performance.now()
    const piece = await (this.#ahead ?? this.#source.read(this.#spent))
    this.#ahead = undefined
    this.#spent = piece.value
    const isBurst = !this.#isFirst && performance.now() - asked < BURST
    this.#isFirst = false
    if (piece.done) return piece
    return isBurst && piece.value.length <= SMALL
      ? this.#gather(piece.value)
      : this.#give(piece.value)
  }

  cancel(reason: unknown): void {
    this.#source.cancel(reason)
  }

  async #gather(first: Bytes): Promise<Piece> {
    const burst = this.#burst ??= new Uint8Array(BUFFER_SIZE)
    burst.set(first)
    let size = first.length
    const over = new Promise<undefined>((resolve) => setTimeout(resolve, BURST))
    while (true) {
      this.#ahead = this.#source.read(this.#spent)
      const piece = await Promise.race([this.#ahead, over]).catch(() => undefined)
      // The end, a failure and what does not fit are for the next `read()`.
      if (!piece || piece.done || size + piece.value.length > BUFFER_SIZE) break
      burst.set(piece.value, size)
      size += piece.value.length
      this.#spent = piece.value
    }
    return this.#give(burst.subarray(0, size))
  }

  #give(value: Bytes): Piece {
    return { done: false, value: this.#keep ? value.slice() : value }
  }
}

interface Source {
  /** May write over the bytes it is given. */
  read(spent: Bytes | undefined): Promise<Piece>
  cancel(reason: unknown): void
}

/** Reading into a buffer of one's own halves the cost on Deno; on Node it would add a quarter (measured). */
function openSource(body: ReadableStream<Bytes>): Source {
  const reader = openByob(body)
  if (!reader) return readAsGiven(body.getReader())
  return {
    read: (spent) => reader.read(new Uint8Array(spent?.buffer ?? new ArrayBuffer(BUFFER_SIZE))),
    cancel: (reason) => void reader.cancel(reason).catch(() => {}),
  }
}

function readAsGiven(reader: ReadableStreamDefaultReader<Bytes>): Chunks {
  return {
    read: () => reader.read(),
    cancel: (reason) => void reader.cancel(reason).catch(() => {}),
  }
}

/** Only byte streams can be read so, and only trying tells. */
function openByob(body: ReadableStream<Bytes>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
}
