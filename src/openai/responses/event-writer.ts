import type { ItemStatus, OutputItem } from './wire.ts'

/** Writes one event of a stream: its type, and its other members as JSON without braces. */
export type WriteEvent = (type: string, members: string) => string

/** Writes the events of one item of a response, from its beginning to its end. */
export interface ItemWriter {
  /** What ends the item; nothing if it has ended. */
  close(status: ItemStatus): string
  /** The item as it stands. */
  item(): OutputItem
}

/** Makes a writer that counts the events of a stream. */
export function createEventWriter(): WriteEvent {
  let sequence = 0
  return (type, members) =>
    `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence++},${members}}\n\n`
}

/** The members that say which item an event is about. */
export function placeOf(id: string, index: number): string {
  return `"item_id":"${id}","output_index":${index}`
}

export function itemAdded(write: WriteEvent, index: number, item: OutputItem): string {
  return write(
    'response.output_item.added',
    `"output_index":${index},"item":${JSON.stringify(item)}`,
  )
}

export function itemDone(write: WriteEvent, index: number, item: OutputItem): string {
  return write(
    'response.output_item.done',
    `"output_index":${index},"item":${JSON.stringify(item)}`,
  )
}
