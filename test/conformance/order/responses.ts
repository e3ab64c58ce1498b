import { isDeepStrictEqual } from 'node:util'
import type { StreamEvent } from '../exchange.ts'

interface ResponseEvent {
  type: string
  sequence_number?: number
  output_index?: number
  content_index?: number
  summary_index?: number
  item_id?: string
  item?: Item
  response?: { output: readonly Item[] }
  delta?: string
  text?: string
  refusal?: string
  arguments?: string
  input?: string
}

interface Item {
  id?: string
  type: string
  status?: string
}

/** The last event of a stream. */
const ENDS = new Set([
  ...['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled'],
  'error',
])

/**
 * Checks a stream of Responses: numbers without gaps, the life of each item and part,
 * deltas that add up to the text of their `done` event, and a final response with the items as they
 * were sent.
 */
export function checkResponsesOrder(events: readonly StreamEvent[]): string[] {
  const all = events.map(({ data }) => data as ResponseEvent)
  const problems = [
    ...checkNumbers(all),
    ...events.filter(({ name }, at) => name !== undefined && name !== all[at]?.type)
      .map(({ name }) => `an event is named ${name}, not as its type`),
  ]
  const end = all.at(-1)
  if (!ENDS.has(end?.type ?? '')) problems.push(`the stream ends with ${end?.type}`)
  if (all.slice(0, -1).some(({ type }) => ENDS.has(type))) problems.push('events after the end')
  if (all[0]?.type !== 'response.created') problems.push(`the stream starts with ${all[0]?.type}`)
  const reader = new ItemReader()
  for (const event of all) reader.read(event)
  return [...problems, ...reader.problems, ...reader.checkEnd(end)]
}

function checkNumbers(events: readonly ResponseEvent[]): string[] {
  const wrong = events.findIndex(({ sequence_number }, at) => sequence_number !== at)
  if (wrong < 0) return []
  return [`event ${wrong} has the sequence_number ${events[wrong]?.sequence_number}`]
}

/** An item between its `added` and its `done` event. */
interface OpenItem {
  id: string
  /** The concatenated deltas of each part. */
  texts: Map<string, string>
  parts: Set<string>
}

class ItemReader {
  readonly problems: string[] = []
  readonly #open = new Map<number, OpenItem>()
  readonly #done: Item[] = []
  #added = 0

  read(event: ResponseEvent): void {
    const { type, output_index: index } = event
    if (index === undefined) return
    switch (type) {
      case 'response.output_item.added':
        return this.#add(event, index)
      case 'response.output_item.done':
        return this.#finish(event, index)
      default:
        return this.#readInside(event, index)
    }
  }

  /** Checks the final response. A failed stream may have open items. */
  checkEnd(end: ResponseEvent | undefined): string[] {
    if (end?.type === 'response.failed' || end?.type === 'error') return []
    if (this.#open.size > 0) return [`${this.#open.size} items are not done at the end`]
    const { output = [] } = end?.response ?? {}
    return isDeepStrictEqual(output, this.#done) ? [] : ['the final output differs from the items']
  }

  #add({ item }: ResponseEvent, index: number): void {
    if (index !== this.#added) this.#report(`item ${index} instead of ${this.#added}`)
    if (this.#open.size > 0) this.#report(`item ${index} begins before another item is done`)
    this.#added++
    this.#open.set(index, { id: item?.id ?? '', texts: new Map(), parts: new Set() })
  }

  #finish({ item }: ResponseEvent, index: number): void {
    const open = this.#open.get(index)
    if (!open) this.#report(`item ${index} is done, but not open`)
    if (item?.id !== open?.id) this.#report(`item ${index} changes its id`)
    if (item?.status === 'in_progress') this.#report(`item ${index} is done in progress`)
    if (open && open.parts.size > 0) this.#report(`item ${index} is done with open parts`)
    this.#open.delete(index)
    if (item) this.#done[index] = item
  }

  #readInside(event: ResponseEvent, index: number): void {
    const open = this.#open.get(index)
    const { type, content_index, summary_index } = event
    if (!open) return this.#report(`${type} of item ${index}, which is not open`)
    if (event.item_id !== open.id) this.#report(`${type} has another item_id than item ${index}`)
    const part = String(content_index ?? summary_index ?? '')
    const isPart = part !== '' && /output_text|refusal|content_part|summary/.test(type)
    if (type.endsWith('part.added')) open.parts.add(part)
    else if (isPart && !open.parts.has(part)) this.#report(`${type} of a part that is not open`)
    if (type.endsWith('part.done')) open.parts.delete(part)
    this.#readText(event, `${part} ${type.replace(/\.(delta|done)$/, '')}`, open)
  }

  #readText(event: ResponseEvent, key: string, { texts }: OpenItem): void {
    const { type, delta, text, refusal, input } = event
    if (type.endsWith('.delta')) texts.set(key, (texts.get(key) ?? '') + delta)
    const whole = text ?? refusal ?? event.arguments ?? input
    if (!type.endsWith('.done') || whole === undefined) return
    if (whole !== (texts.get(key) ?? '')) this.#report(`${type} differs from its deltas`)
  }

  #report(problem: string): void {
    this.problems.push(problem)
  }
}
