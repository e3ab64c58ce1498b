import type { Row } from '../row.ts'
import { chunk, DONE, drip, FINISH, RESET, say, send, stream, streamHead, wait } from '../script.ts'

const STREAMED = { body: { stream: true } }

/** What goes wrong upstream while it streams. */
export const STREAMS: readonly Row[] = [
  {
    id: 'S0',
    title: 'nothing goes wrong',
    script: [stream(say('Hello') + FINISH + DONE)],
    request: STREAMED,
    expect: { status: 200, text: 'Hello', ends: 'done' },
  },
  {
    id: 'S1a',
    title: 'cut by RST',
    script: [[send(streamHead()), send(chunk(say('Hello'))), wait(50), RESET]],
    request: STREAMED,
    expect: { status: 200, text: 'Hello', ends: 'error', code: 'upstream_incomplete' },
  },
  {
    id: 'S3a',
    title: 'one byte at a time',
    script: [[
      send(streamHead()),
      drip(chunk(say('Hello, 日本 🦊') + FINISH + DONE), 1),
      send('0\r\n\r\n'),
    ]],
    request: STREAMED,
    expect: { status: 200, text: 'Hello, 日本 🦊', ends: 'done' },
  },
]
