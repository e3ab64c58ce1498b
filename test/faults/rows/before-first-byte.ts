import type { Row } from '../row.ts'
import { END, refusal, reply, RESET, STALL, whole } from '../script.ts'

const OK = whole(200, reply('Hello'))

/** What goes wrong upstream before anything was answered. */
export const BEFORE_FIRST_BYTE: readonly Row[] = [
  {
    id: 'U1a',
    title: '429 TooManyRequests without Retry-After, then an answer',
    script: [refusal(429, 'TooManyRequests', 'slow down'), OK],
    request: {},
    expect: { status: 200, text: 'Hello', deliveries: [2, 2] },
  },
  {
    id: 'U3a',
    title: '200 with HTML',
    script: [whole(200, '<html>hello</html>', { 'content-type': 'text/html' })],
    request: {},
    expect: { status: 502, code: 'upstream_invalid_response' },
  },
  {
    id: 'U4a',
    title: 'no answer at all',
    script: [[STALL]],
    request: { body: { stream: true } },
    expect: { status: 504, code: 'upstream_timeout', took: [1_900, 3_000], upstreamLeft: 100 },
  },
  {
    id: 'U6b',
    title: 'connection reset before headers',
    script: [[RESET]],
    request: {},
    expect: { status: 502, code: 'upstream_unavailable', deliveries: [1, 3] },
  },
  {
    id: 'U6c',
    title: 'connection closed before headers, then an answer',
    script: [[END], OK],
    request: {},
    expect: { status: 200, text: 'Hello', deliveries: [2, 2] },
  },
]
