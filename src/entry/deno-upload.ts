import type { ByteReader } from '../platform.ts'
import { READ_BYTES, readIntoMemory, type ReadSize } from '../read-into-memory.ts'

/** Bytes of the first reads of a body in chunks, and of the largest one that fits a chunk. */
const [SMALLEST, LARGEST] = [1024, 256 * 1024]
/** Bytes that frame a chunk at most: its length in hexadecimal, and two line breaks. */
const FRAME = 16
/** Reads of a chunk from which a larger read leaves little unread. */
const MANY_READS = 32
/** Repetitions of a length from which it is that of all chunks. */
const EQUAL_CHUNKS = 3

/**
 * Opens the body of an upload. For each read of at most n bytes, Deno's HTTP server first appends up to
 * n further bytes of the connection to a buffer without a bound, and then returns no more than the rest
 * of one chunk of the body. A chunk whose end is read on its own leaves up to n bytes there, so that
 * half of an upload in chunks of 64 KiB would accumulate if reads had this size, too: each read must
 * have the size of a whole chunk, or of a small part of one. The n of a connection never decreases.
 */
export function openUpload({ body, headers }: Request): ByteReader {
  const size = headers.has('content-length') ? undefined : new FittingSize()
  return readIntoMemory(body ?? new Blob().stream(), size)
}

/** Finds the size of reads from the sizes of what they return. */
export class FittingSize implements ReadSize {
  /** Bytes of the next read. */
  bytes = SMALLEST
  #chunk = { length: 0, equals: 0 }
  #read = 0

  /** Learns how many bytes a read has returned. */
  hasRead(length: number): void {
    this.#read += length
    if (length <= this.bytes - FRAME) this.#endChunk(this.#read)
    else if (this.#read >= this.bytes * MANY_READS) this.#grow(Math.min(this.bytes * 2, READ_BYTES))
  }

  #endChunk(length: number): void {
    const equals = length === this.#chunk.length ? this.#chunk.equals + 1 : 0
    if (equals >= EQUAL_CHUNKS && length <= LARGEST) this.#grow(length + FRAME)
    this.#chunk = { length, equals }
    this.#read = 0
  }

  #grow(bytes: number): void {
    this.bytes = Math.max(this.bytes, bytes)
  }
}
