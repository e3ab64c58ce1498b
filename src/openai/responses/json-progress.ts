/** Detects the end of a JSON object that arrives in pieces, in linear time. */
export class JsonProgress {
  #depth = 0
  #isString = false
  #isEscaped = false
  #isComplete = false

  /** Whether the object has ended. A text that is not an object never ends. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  add(text: string): void {
    for (let at = 0; at < text.length && !this.#isComplete; at++) this.#read(text[at])
  }

  #read(character: string | undefined): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (this.#isString) {
      this.#isEscaped = character === '\\'
      this.#isString = character !== '"'
    } else if (character === '"') this.#isString = true
    else if (character === '{') this.#depth++
    else if (character === '}') this.#isComplete = --this.#depth === 0
  }
}
