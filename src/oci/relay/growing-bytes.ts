type Bytes = Uint8Array<ArrayBuffer>

const NOTHING: Bytes = new Uint8Array()
const MIN_CAPACITY = 4_096

/**
 * A buffer for bytes that arrive in chunks. Its capacity doubles when it is full, so that appending
 * takes linear time, also for many small chunks.
 */
export class GrowingBytes {
  #buffer: Bytes = NOTHING
  #length = 0

  get length(): number {
    return this.#length
  }

  append(chunk: Bytes): void {
    const length = this.#length + chunk.length
    if (length > this.#buffer.length) {
      const buffer = new Uint8Array(Math.max(2 * length, MIN_CAPACITY))
      buffer.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = buffer
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = length
  }

  /** Returns a view of all bytes so far. It does not include later chunks. */
  view(): Bytes {
    return this.#buffer.subarray(0, this.#length)
  }

  /** Removes all bytes. Existing views stay valid, because the buffer is not reused. */
  clear(): void {
    this.#buffer = NOTHING
    this.#length = 0
  }
}
