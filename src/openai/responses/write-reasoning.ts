import { itemAdded, itemDone, itemIds, type ItemWriter, type WriteEvent } from './event-writer.ts'
import { reasoningItem } from './output.ts'
import type { ReasoningOutput } from './wire.ts'

/** Writes reasoning as a summary of one part. */
export class ReasoningWriter implements ItemWriter {
  /** Reasoning ends when an item of another type begins. */
  readonly isComplete = false
  readonly #write: WriteEvent
  readonly #id: string
  readonly #index: number
  readonly #ids: string
  #text = ''
  #open = true

  constructor(write: WriteEvent, id: string, index: number) {
    this.#write = write
    this.#id = id
    this.#index = index
    this.#ids = `${itemIds(id, index)},"summary_index":0`
  }

  open(): string {
    const item: ReasoningOutput = { ...this.item(), summary: [] }
    return itemAdded(this.#write, this.#index, item) +
      this.#write('response.reasoning_summary_part.added', `${this.#ids},"part":${part('')}`)
  }

  addText(text: string): string {
    this.#text += text
    return this.#write(
      'response.reasoning_summary_text.delta',
      `${this.#ids},"delta":${JSON.stringify(text)}`,
    )
  }

  close(): string {
    if (!this.#open) return ''
    this.#open = false
    const text = JSON.stringify(this.#text)
    const done = `${this.#ids},"part":${part(this.#text)}`
    return this.#write('response.reasoning_summary_text.done', `${this.#ids},"text":${text}`) +
      this.#write('response.reasoning_summary_part.done', done) +
      itemDone(this.#write, this.#index, this.item())
  }

  item(): ReasoningOutput {
    return reasoningItem(this.#id, this.#text)
  }
}

function part(text: string): string {
  return `{"type":"summary_text","text":${JSON.stringify(text)}}`
}
