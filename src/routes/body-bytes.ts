import { releaseBytes } from '../release-bytes.ts'
import type { Steps } from '../steps.ts'

/** Smaller chunks, in bytes, are copied, because a view may retain a much larger buffer. */
const SMALL_CHUNK = 16 * 1024
/** The first block of a body, in bytes: most bodies are small. Each further one has the size of all before. */
const FIRST_BLOCK = 2 * 1024
const MAX_BLOCK = 64 * 1024

/**
 * Collects the chunks of a body. Small chunks are copied into blocks. Large ones are kept as they
 * are, because copying or decoding them on arrival would delay other requests.
 */
export class BodyBytes {
  readonly #chunks: Uint8Array[] = []
  #block = new Uint8Array(0)
  /** Bytes of the block that are in use. */
  #used = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  append(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (chunk.length >= SMALL_CHUNK) {
      this.#closeBlock()
      this.#chunks.push(chunk)
      return
    }
    if (this.#used + chunk.length > this.#block.length) {
      this.#closeBlock()
      const size = Math.min(Math.max(FIRST_BLOCK, this.#length), MAX_BLOCK)
      this.#block = new Uint8Array(Math.max(size, chunk.length))
    }
    this.#block.set(chunk, this.#used)
    this.#used += chunk.length
  }

  /** Decodes the bytes as UTF-8. Call it once: it releases the chunks before it creates the text. */
  *takeText(): Steps<string> {
    this.#closeBlock()
    const whole = new Uint8Array(this.#length)
    let at = 0
    for (const chunk of this.#chunks) {
      whole.set(chunk, at)
      at += chunk.length
    }
    this.#chunks.length = this.#length = 0
    yield
    const text = new TextDecoder().decode(whole)
    releaseBytes(whole)
    return text
  }

  #closeBlock(): void {
    if (this.#used > 0) this.#chunks.push(this.#block.subarray(0, this.#used))
    this.#block = new Uint8Array(0)
    this.#used = 0
  }
}
