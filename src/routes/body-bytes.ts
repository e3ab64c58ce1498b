/** Pieces below this, in bytes, are copied: the memory that a view retains may be much larger. */
const SMALL_PIECE = 16 * 1024
const BLOCK = 64 * 1024

/**
 * The bytes of a body, piece by piece. Large pieces are kept as they are, since copying or decoding
 * each one when it arrives would delay other requests; small ones are copied into blocks.
 */
export class BodyBytes {
  readonly #pieces: Uint8Array[] = []
  #block = new Uint8Array(0)
  /** Bytes of the block that are in use. */
  #used = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  append(piece: Uint8Array): void {
    this.#length += piece.length
    if (piece.length >= SMALL_PIECE) {
      this.#closeBlock()
      this.#pieces.push(piece)
      return
    }
    if (this.#used + piece.length > this.#block.length) {
      this.#closeBlock()
      this.#block = new Uint8Array(BLOCK)
    }
    this.#block.set(piece, this.#used)
    this.#used += piece.length
  }

  /** The bytes as text, for one call: the pieces are released before the text is made. */
  takeText(): string {
    this.#closeBlock()
    const whole = new Uint8Array(this.#length)
    let at = 0
    for (const piece of this.#pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    this.#pieces.length = this.#length = 0
    return new TextDecoder().decode(whole)
  }

  #closeBlock(): void {
    if (this.#used > 0) this.#pieces.push(this.#block.subarray(0, this.#used))
    this.#block = new Uint8Array(0)
    this.#used = 0
  }
}
