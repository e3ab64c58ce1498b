import type { Annotation, TokenLogprob } from '../../chat/model.ts'
import { encodeToken } from '../encode-parts.ts'
import { itemAdded, itemDone, itemIds, type ItemWriter, type WriteEvent } from './event-writer.ts'
import { encodeUrlCitation, messageItem, textPart } from './output.ts'
import type { ItemStatus, MessageOutput, MessagePart } from './wire.ts'

type PartType = MessagePart['type']

/** Writes a message with parts of text and refusal, in the order of the events. */
export class MessageWriter implements ItemWriter {
  /** A message ends when an item of another type begins. */
  readonly isComplete = false
  readonly #write: WriteEvent
  readonly #id: string
  readonly #index: number
  readonly #parts: MessagePart[] = []
  #status: ItemStatus = 'in_progress'

  constructor(write: WriteEvent, id: string, index: number) {
    this.#write = write
    this.#id = id
    this.#index = index
  }

  open(): string {
    return itemAdded(this.#write, this.#index, this.item())
  }

  /** Adds text with the probabilities of its tokens. An empty text only opens the part. */
  addText(text: string, tokens: readonly TokenLogprob[]): string {
    const { part, opening } = this.#partOf('output_text')
    if (part.type !== 'output_text') return ''
    const logprobs = tokens.map(encodeToken)
    part.text += text
    for (const logprob of logprobs) part.logprobs.push(logprob)
    if (text === '' && logprobs.length === 0) return opening
    return opening + this.#write(
      'response.output_text.delta',
      `${this.#partIds()},"delta":${JSON.stringify(text)},"logprobs":${
        logprobs.length === 0 ? '[]' : JSON.stringify(logprobs)
      }`,
    )
  }

  addRefusal(text: string): string {
    const { part, opening } = this.#partOf('refusal')
    if (part.type !== 'refusal') return ''
    part.refusal += text
    const members = `${this.#partIds()},"delta":${JSON.stringify(text)}`
    return opening + this.#write('response.refusal.delta', members)
  }

  /** Adds citations to the latest text. Some models send them after the end of the message. */
  annotate(annotations: readonly Annotation[]): string {
    const last = this.#parts.findLastIndex(({ type }) => type === 'output_text')
    const part = this.#parts[last]
    if (part?.type !== 'output_text') return ''
    const events = annotations.map((annotation) => {
      const citation = encodeUrlCitation(annotation)
      const at = part.annotations.push(citation) - 1
      const members = `"annotation_index":${at},"annotation":${JSON.stringify(citation)}`
      return this.#write(
        'response.output_text.annotation.added',
        `${this.#partIds(last)},${members}`,
      )
    })
    return events.join('')
  }

  close(status: ItemStatus): string {
    if (this.#status !== 'in_progress') return ''
    this.#status = status
    return this.#closePart() + itemDone(this.#write, this.#index, this.item())
  }

  item(): MessageOutput {
    return messageItem(this.#id, this.#parts, this.#status)
  }

  /** The open part; a new one if the model changes from text to refusal or back. */
  #partOf(type: PartType): { part: MessagePart; opening: string } {
    const last = this.#parts.at(-1)
    if (last?.type === type) return { part: last, opening: '' }
    const closing = this.#closePart()
    const part: MessagePart = type === 'refusal' ? { type, refusal: '' } : textPart('')
    this.#parts.push(part)
    const added = `${this.#partIds()},"part":${JSON.stringify(part)}`
    return { part, opening: closing + this.#write('response.content_part.added', added) }
  }

  #closePart(): string {
    const part = this.#parts.at(-1)
    if (!part) return ''
    const ids = this.#partIds()
    return this.#partContentDone(part, ids) +
      this.#write('response.content_part.done', `${ids},"part":${JSON.stringify(part)}`)
  }

  #partContentDone(part: MessagePart, ids: string): string {
    switch (part.type) {
      case 'output_text': {
        const { text, logprobs } = part
        return this.#write(
          'response.output_text.done',
          `${ids},"text":${JSON.stringify(text)},"logprobs":${JSON.stringify(logprobs)}`,
        )
      }
      case 'refusal':
        return this.#write(
          'response.refusal.done',
          `${ids},"refusal":${JSON.stringify(part.refusal)}`,
        )
    }
  }

  #partIds(part = this.#parts.length - 1): string {
    return `${itemIds(this.#id, this.#index)},"content_index":${part}`
  }
}
