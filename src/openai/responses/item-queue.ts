import type { ItemWriter } from './event-writer.ts'
import type { ItemStatus, OutputItem } from './wire.ts'

interface QueuedItem {
  writer: ItemWriter
  /** Writes that wait for the items before. */
  waiting: (() => string)[]
  /** The status with which the item ends, once it is known. */
  status: ItemStatus | undefined
}

/**
 * Writes the items of a response one after the other: an item begins when the one before has ended,
 * also when a model writes several calls at the same time.
 */
export class ItemQueue {
  readonly #items: QueuedItem[] = []
  /** Index of the item that is being written. */
  #current = 0

  get length(): number {
    return this.#items.length
  }

  /** Adds an item at the end. */
  add(writer: ItemWriter): string {
    this.#items.push({ writer, waiting: [], status: undefined })
    const isCurrent = this.#current === this.#items.length - 1
    return isCurrent ? writer.open() : this.#advance()
  }

  /** Writes an event of an item, now or after the items before have ended. */
  write(index: number, write: () => string): string {
    if (index <= this.#current) return write() + this.#advance()
    this.#items[index]?.waiting.push(write)
    return ''
  }

  /** Ends an item, now or after the items before have ended. The first status is kept. */
  end(index: number, status: ItemStatus): string {
    const item = this.#items[index]
    if (item) item.status ??= status
    return this.#advance()
  }

  /** Ends all items. */
  endAll(statusAt: (index: number) => ItemStatus): string {
    for (let at = this.#current; at < this.#items.length; at++) {
      const item = this.#items[at]
      if (item) item.status ??= statusAt(at)
    }
    return this.#advance()
  }

  /** The items that have begun, in their current state. */
  begun(): OutputItem[] {
    return this.#items.slice(0, this.#current + 1).map(({ writer }) => writer.item())
  }

  some(matches: (writer: ItemWriter) => boolean): boolean {
    return this.#items.some(({ writer }) => matches(writer))
  }

  #advance(): string {
    let text = ''
    for (let item = this.#items[this.#current]; item; item = this.#items[this.#current]) {
      const hasNext = this.#current < this.#items.length - 1
      const isEnded = item.status !== undefined || (hasNext && item.writer.isComplete)
      if (!isEnded) break
      text += item.writer.close(item.status ?? 'completed')
      const next = this.#items[++this.#current]
      if (!next) break
      text += next.writer.open() + next.waiting.map((write) => write()).join('')
      next.waiting = []
    }
    return text
  }
}
