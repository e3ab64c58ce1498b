import type { ItemStatus, OutputItem } from './wire.ts'

/** Writes one event of a stream: its type, and its other members as JSON without braces. */
export type WriteEvent = (type: string, members: string) => string

/** Writes the events of one item of a response, from its beginning to its end. */
export interface ItemWriter {
  /** The events that begin the item. */
  open(): string
  /** Whether the item has all its content, so that it ends when another item follows. */
  readonly isComplete: boolean
  /** The events that end the item; empty if it has ended. */
  close(status: ItemStatus): string
  /** The item in its current state. */
  item(): OutputItem
}

/** Creates a writer that numbers the events of a stream. */
export function createEventWriter(): WriteEvent {
  let sequence = 0
  return (type, members) =>
    `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence++},${members}}\n\n`
}

/** The members that identify the item of an event, as JSON without braces. */
export function itemIds(id: string, index: number): string {
  return `"item_id":"${id}","output_index":${index}`
}

/** Writes the event that opens an item. */
export function itemAdded(write: WriteEvent, index: number, item: OutputItem): string {
  return write(
    'response.output_item.added',
    `"output_index":${index},"item":${JSON.stringify(item)}`,
  )
}

/** Writes the event that ends an item. */
export function itemDone(write: WriteEvent, index: number, item: OutputItem): string {
  return write(
    'response.output_item.done',
    `"output_index":${index},"item":${JSON.stringify(item)}`,
  )
}
