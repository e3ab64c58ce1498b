const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Finds out whether a call's arguments, which come in pieces, are a complete JSON object. Pieces are
 * only read when someone asks; each is read once, and the whole is parsed once at most, however many
 * pieces end with a brace.
 */
export class InputScanner {
  #pieces: string[] = []
  /** How many of the pieces were read. */
  #read = 0
  #state: 'begun' | 'whole' | 'broken' = 'begun'
  #depth = 0
  #isText = false
  #isEscaped = false

  get isEmpty(): boolean {
    return this.#pieces.length === 0
  }

  add(piece: string): void {
    if (piece !== '') this.#pieces.push(piece)
  }

  /** Whether the arguments are a complete JSON object; more than blanks behind it makes them broken. */
  isWhole(): boolean {
    for (; this.#read < this.#pieces.length; this.#read++) this.#readPiece(this.#read)
    return this.#state === 'whole'
  }

  #readPiece(index: number): void {
    const piece = this.#pieces[index] ?? ''
    if (index === 0 && !piece.startsWith('{')) this.#state = 'broken'
    if (this.#state === 'whole' && !isBlank(piece)) this.#state = 'broken'
    if (this.#state !== 'begun') return
    const end = this.#findEnd(piece)
    if (end === undefined) return
    const json = this.#pieces.slice(0, index).join('') + piece.slice(0, end)
    this.#state = isJson(json) && isBlank(piece.slice(end)) ? 'whole' : 'broken'
  }

  /** Where the object ends in a piece of it, if it does. */
  #findEnd(piece: string): number | undefined {
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at)
      if (this.#isText) this.#readText(code)
      else if (code === QUOTE) this.#isText = true
      else if (isOpening(code)) this.#depth++
      else if (isClosing(code) && --this.#depth === 0) return at + 1
    }
    return undefined
  }

  #readText(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (code === BACKSLASH) this.#isEscaped = true
    else if (code === QUOTE) this.#isText = false
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
