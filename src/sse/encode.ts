import type { SseMessage } from './decode.ts'

const encoder = new TextEncoder()

/** The bytes of a text, as they go over the wire. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** The text of a batch of messages, ready to be sent in one piece. */
export function encodeSse(messages: readonly SseMessage[]): string {
  return messages.map(encodeMessage).join('')
}

function encodeMessage({ event, data }: SseMessage): string {
  const name = event === undefined ? '' : `event: ${event}\n`
  return `${name}data: ${isOneLine(data) ? data : eachLine(data)}\n\n`
}

/** A message's data is nearly always JSON, where line breaks are escaped. */
function isOneLine(data: string): boolean {
  return !data.includes('\n') && !data.includes('\r')
}

function eachLine(data: string): string {
  return data.split(/\r\n|\r|\n/).join('\ndata: ')
}
