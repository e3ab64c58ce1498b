const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Detects whether the streamed arguments of a call are a complete JSON object. Pieces are read on
 * demand, each once, and the whole is parsed at most once, however many pieces end with a brace.
 */
export class InputScanner {
  #pieces: string[] = []
  /** Number of pieces read. */
  #read = 0
  #state: 'open' | 'complete' | 'invalid' = 'open'
  #depth = 0
  #isString = false
  #isEscaped = false

  get isEmpty(): boolean {
    return this.#pieces.length === 0
  }

  add(piece: string): void {
    if (piece !== '') this.#pieces.push(piece)
  }

  /** Whether the arguments are a complete JSON object, with nothing but whitespace after it. */
  isComplete(): boolean {
    for (; this.#read < this.#pieces.length; this.#read++) this.#readPiece(this.#read)
    return this.#state === 'complete'
  }

  #readPiece(index: number): void {
    const piece = this.#pieces[index] ?? ''
    if (index === 0 && !piece.startsWith('{')) this.#state = 'invalid'
    if (this.#state === 'complete' && !isBlank(piece)) this.#state = 'invalid'
    if (this.#state !== 'open') return
    const end = this.#findEnd(piece)
    if (end === undefined) return
    const json = this.#pieces.slice(0, index).join('') + piece.slice(0, end)
    this.#state = isJson(json) && isBlank(piece.slice(end)) ? 'complete' : 'invalid'
  }

  /** The position after the object's end, if this piece has it. */
  #findEnd(piece: string): number | undefined {
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at)
      if (this.#isString) this.#readString(code)
      else if (code === QUOTE) this.#isString = true
      else if (isOpening(code)) this.#depth++
      else if (isClosing(code) && --this.#depth === 0) return at + 1
    }
    return undefined
  }

  #readString(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (code === BACKSLASH) this.#isEscaped = true
    else if (code === QUOTE) this.#isString = false
  }
}

/** `{` or `[`. */
function isOpening(code: number): boolean {
  return code === 0x7b || code === 0x5b
}

/** `}` or `]`. */
function isClosing(code: number): boolean {
  return code === 0x7d || code === 0x5d
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
