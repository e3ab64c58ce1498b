type Bytes = Uint8Array<ArrayBuffer>

const NOTHING: Bytes = new Uint8Array()
const MIN_CAPACITY = 4_096

/**
 * Bytes that arrive in pieces. Its room doubles when it is used up, so that all pieces together
 * are copied a constant number of times each, however small they are.
 */
export class GrowingBytes {
  #room: Bytes = NOTHING
  #length = 0

  get length(): number {
    return this.#length
  }

  append(piece: Bytes): void {
    const length = this.#length + piece.length
    if (length > this.#room.length) {
      const room = new Uint8Array(Math.max(2 * length, MIN_CAPACITY))
      room.set(this.#room.subarray(0, this.#length))
      this.#room = room
    }
    this.#room.set(piece, this.#length)
    this.#length = length
  }

  /** A view of all bytes so far; later pieces are not in it. */
  view(): Bytes {
    return this.#room.subarray(0, this.#length)
  }

  /** Forgets the bytes and their memory, so that views of them remain as they are. */
  clear(): void {
    this.#room = NOTHING
    this.#length = 0
  }
}
