import type { Exchange } from '../faults/upstream.ts'
import {
  chunk,
  DONE,
  FINISH,
  LAST_CHUNK,
  say,
  type Script,
  send,
  streamHead,
  wait,
} from '../faults/script.ts'

/** Which request this is, and what the upstream shall make of it: both stand in its prompt. */
export interface Tag {
  number: number
  kind: string
}

/** All requests of a measurement are for one model, as those of one client are. */
const MODEL = 'meta.llama-3.3-70b-instruct'
const KEY = 'test-key-1'

/** A streamed chat as it goes over a connection that is kept. */
export function chatRequest(port: number, { number, kind }: Tag): Uint8Array {
  const body = JSON.stringify({
    model: MODEL,
    stream: true,
    messages: [{ role: 'user', content: `measure ${number} ${kind}` }],
  })
  return Buffer.from(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n` +
      `authorization: Bearer ${KEY}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** What a look at the gateway's health asks. */
export function healthRequest(port: number): Uint8Array {
  return Buffer.from(`GET /health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`)
}

/** Reads the tag where it arrives; absent of requests that are no chat of a measurement. */
export function tagOf({ body }: Exchange): Tag | undefined {
  const [, number, kind] = /measure (\d+) ([\w-]+)/.exec(body) ?? []
  return number === undefined || kind === undefined ? undefined : { number: Number(number), kind }
}

const WORDS = ['The ', 'quick ', 'brown ', 'fox ', 'jumps. ']

/** A whole stream of five words, all at once. */
export const WHOLE_STREAM: Script = [
  send(streamHead()),
  send(chunk(WORDS.map(say).join('') + FINISH + DONE)),
  send(LAST_CHUNK),
]

/** A whole stream of so many words, so many milliseconds apart. */
export function pacedStream(count: number, ms: number): Script {
  const words = Array.from({ length: count }, (_, index) => WORDS[index % WORDS.length] ?? '')
  return [
    send(streamHead()),
    ...words.flatMap((word) => [wait(ms), send(chunk(say(word)))]),
    send(chunk(FINISH + DONE)),
    send(LAST_CHUNK),
  ]
}
