/** Callbacks of an HTTP/1.1 reader, in the order of the bytes. */
export interface MessageHandler {
  /** The start line and the header lines, without the blank line after them. */
  onHead(head: string): void
  /** A decoded part of the body; valid until the call returns. */
  onBody(bytes: Buffer): void
  onEnd(): void
}

type State = 'head' | 'length' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer'

const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')

/** Reads the requests or answers of one connection at minimal cost, because the bench shares the machine
 * with the gateway. A body has a length or is chunked; otherwise there is none.
 */
export class MessageReader {
  readonly #handler: MessageHandler
  #state: State = 'head'
  #rest: Buffer | undefined
  /** Remaining bytes of the body or of the chunk. */
  #left = 0

  constructor(handler: MessageHandler) {
    this.#handler = handler
  }

  push(bytes: Buffer): void {
    const all = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes
    let at = 0
    let next = this.#step(all, at)
    while (next >= 0) {
      at = next
      next = this.#step(all, at)
    }
    this.#rest = at < all.length ? all.subarray(at) : undefined
  }

  /** Reads one element at `at`; returns the start of the next one, or a negative number if bytes are missing. */
  #step(bytes: Buffer, at: number): number {
    switch (this.#state) {
      case 'head':
        return this.#head(bytes, at)
      case 'length':
        return this.#body(bytes, at, 'head')
      case 'chunk-size':
        return this.#chunkSize(bytes, at)
      case 'chunk':
        return this.#body(bytes, at, 'chunk-end')
      case 'chunk-end':
        return this.#lineEnd(bytes, at, 'chunk-size')
      case 'trailer':
        return this.#lineEnd(bytes, at, 'head')
    }
  }

  #head(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(HEAD_END, at)
    if (end < 0) return -1
    const head = bytes.toString('latin1', at, end)
    this.#left = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    const isChunked = /\r\ntransfer-encoding: *chunked/i.test(head)
    this.#state = isChunked ? 'chunk-size' : this.#left > 0 ? 'length' : 'head'
    this.#handler.onHead(head)
    if (this.#state === 'head') this.#handler.onEnd()
    return end + HEAD_END.length
  }

  #body(bytes: Buffer, at: number, then: State): number {
    if (at === bytes.length) return -1
    const end = Math.min(at + this.#left, bytes.length)
    this.#left -= end - at
    if (this.#left === 0) this.#state = then
    this.#handler.onBody(bytes.subarray(at, end))
    if (this.#state === 'head') this.#handler.onEnd()
    return end
  }

  #chunkSize(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(LINE_END, at)
    if (end < 0) return -1
    this.#left = Number.parseInt(bytes.toString('latin1', at, end), 16)
    this.#state = this.#left > 0 ? 'chunk' : 'trailer'
    return end + LINE_END.length
  }

  #lineEnd(bytes: Buffer, at: number, then: State): number {
    if (bytes.length - at < LINE_END.length) return -1
    this.#state = then
    if (then === 'head') this.#handler.onEnd()
    return at + LINE_END.length
  }
}
