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

/** The number of a request and the behavior of the upstream, both part of the prompt. */
export interface Tag {
  number: number
  kind: string
}

/** The model of all requests. */
const MODEL = 'meta.llama-3.3-70b-instruct'
const KEY = 'test-key-1'

/** Creates the bytes of a streamed chat request on a persistent connection. */
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

/** Creates the bytes of a health request. */
export function healthRequest(port: number): Uint8Array {
  return Buffer.from(`GET /health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`)
}

/** Reads the tag of a request at the upstream; `undefined` for other requests. */
export function tagOf({ body }: Exchange): Tag | undefined {
  const [, number, kind] = /measure (\d+) ([\w-]+)/.exec(body) ?? []
  return number === undefined || kind === undefined ? undefined : { number: Number(number), kind }
}

const WORDS = ['The ', 'quick ', 'brown ', 'fox ', 'jumps. ']

/** A complete stream of five words in one chunk. */
export const COMPLETE_STREAM: Script = [
  send(streamHead()),
  send(chunk(WORDS.map(say).join('') + FINISH + DONE)),
  send(LAST_CHUNK),
]

/** Creates a complete stream of `count` words, `ms` milliseconds apart. */
export function pacedStream(count: number, ms: number): Script {
  const words = Array.from({ length: count }, (_, index) => WORDS[index % WORDS.length] ?? '')
  return [
    send(streamHead()),
    ...words.flatMap((word) => [wait(ms), send(chunk(say(word)))]),
    send(chunk(FINISH + DONE)),
    send(LAST_CHUNK),
  ]
}
