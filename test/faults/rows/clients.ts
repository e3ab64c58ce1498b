import { ASKED, type Row } from '../row.ts'
import {
  chunk,
  DONE,
  FINISH,
  flood,
  LAST_CHUNK,
  reply,
  say,
  send,
  STALL,
  stream,
  streamHead,
  wait,
  whole,
} from '../script.ts'

const STREAMED = { body: { stream: true } }
const ALL = say('Hello') + FINISH + DONE
const OK = whole(200, reply('Hello'))
const RIGHT = { status: 200, text: 'Hello' }
const BEGUN = [send(streamHead()), send(chunk(say('Hello')))]
/** workerd tells of a client that left only when something is written to it. */
const SOON = { node: 100, bun: 100, deno: 100, workers: 500 }
const LEFT = { ends: 'left', upstreamLeft: SOON, logged: /client_closed/ } as const
/** workerd ends a Worker with its client: it does not come to log it. */
const CUT_SHORT = {
  ...LEFT,
  logged: { node: /client_closed/, bun: /client_closed/, deno: /client_closed/ },
}
const FIN = { do: 'fin' } as const
const RST = { do: 'reset' } as const
const UNHEARD = 'workerd tells of it only when something is written, and nothing is (measured)'

/** What clients do that leave, or are slow. */
export const CLIENTS: readonly Row[] = [
  {
    id: 'C1a',
    title: 'leaves amid a stalled stream (FIN)',
    alone: true,
    script: [[...BEGUN, STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'until', text: 'Hello' }, FIN] },
    expect: LEFT,
  },
  {
    id: 'C1b',
    title: 'leaves amid a stalled stream (RST)',
    alone: true,
    script: [[...BEGUN, STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'until', text: 'Hello' }, RST] },
    expect: LEFT,
  },
  {
    id: 'C1c',
    title: 'leaves amid words that come every 20 ms (FIN)',
    alone: true,
    script: [[...BEGUN, ...many(200, [wait(20), send(chunk(say('more ')))])]],
    request: { ...STREAMED, steps: [ASKED, { do: 'until', text: 'more' }, FIN] },
    expect: LEFT,
  },
  {
    id: 'C1d',
    title: 'leaves amid words that come every 20 ms (RST)',
    alone: true,
    script: [[...BEGUN, ...many(200, [wait(20), send(chunk(say('more ')))])]],
    request: { ...STREAMED, steps: [ASKED, { do: 'until', text: 'more' }, RST] },
    expect: LEFT,
  },
  {
    id: 'C1e',
    title: 'leaves a stream before its first byte (FIN)',
    alone: true,
    script: [[STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'wait', ms: 300 }, FIN] },
    expect: LEFT,
    skip: { workers: UNHEARD },
  },
  {
    id: 'C1k',
    title: 'leaves a stream that began before OCI had sent a head (FIN)',
    gateway: 'eager',
    alone: true,
    script: [[STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'wait', ms: 300 }, FIN] },
    expect: LEFT,
  },
  {
    id: 'C1f',
    title: 'leaves a stream before its first byte (RST)',
    alone: true,
    script: [[STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'wait', ms: 300 }, RST] },
    expect: CUT_SHORT,
  },
  {
    id: 'C1g',
    title: 'leaves while a whole answer is made (FIN)',
    alone: true,
    script: [[STALL]],
    request: { steps: [ASKED, { do: 'wait', ms: 300 }, FIN] },
    expect: LEFT,
    skip: { workers: UNHEARD },
  },
  {
    id: 'C1h',
    title: 'leaves while a whole answer is made (RST)',
    alone: true,
    script: [[STALL]],
    request: { steps: [ASKED, { do: 'wait', ms: 300 }, RST] },
    expect: CUT_SHORT,
  },
  {
    id: 'C1i',
    title: 'leaves while it is waited for the next attempt',
    alone: true,
    script: [whole(429, { code: 'TooManyRequests', message: '-' }, { 'retry-after': '2' }), OK],
    request: { steps: [ASKED, { do: 'wait', ms: 300 }, RST] },
    expect: { ends: 'left', deliveries: [1, 1] },
    skip: { workers: 'workerd ends the whole request with its client: nothing is left to see' },
  },
  {
    id: 'C1j',
    title: 'twenty leave a gateway that takes four at a time: it takes new ones',
    gateway: 'tight',
    alone: true,
    script: [[...BEGUN, STALL]],
    request: { ...STREAMED, times: 20, steps: [ASKED, { do: 'until', text: 'Hello' }, RST] },
    expect: { ...LEFT, deliveries: [20, 20] },
  },
  {
    id: 'C2',
    title: 'reads nothing of 256 MiB for 4 s',
    alone: true,
    script: [[...BEGUN, flood(chunk(say('x'.repeat(16 * 1024))), 16_384)]],
    request: {
      ...STREAMED,
      steps: [ASKED, { do: 'until', text: 'Hello' }, { do: 'pause', ms: 4_000 }, RST],
      patience: 15_000,
    },
    expect: { ends: 'left', pulled: 24, grows: 64 },
  },
  {
    id: 'C2b',
    title: 'the same, passed on from the endpoint that speaks OpenAI',
    alone: true,
    family: 'openai.gpt-audio',
    script: [[
      send(streamHead()),
      flood(
        chunk(
          `data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"${
            'x'.repeat(16 * 1024)
          }"},"finish_reason":null}]}\n\n`,
        ),
        16_384,
      ),
    ]],
    request: {
      ...STREAMED,
      steps: [ASKED, { do: 'until', text: 'xxxx' }, { do: 'pause', ms: 4_000 }, RST],
      patience: 15_000,
    },
    expect: { ends: 'left', pulled: 24, grows: 64 },
  },
  {
    id: 'C3',
    title: 'fifty read nothing for 4 s',
    alone: true,
    script: [[...BEGUN, flood(chunk(say('x'.repeat(16 * 1024))), 4_096)]],
    request: {
      ...STREAMED,
      times: 50,
      parallel: 50,
      steps: [ASKED, { do: 'until', text: 'Hello' }, { do: 'pause', ms: 4_000 }, RST],
      patience: 20_000,
    },
    expect: { ends: 'left', pulled: 32, grows: 500 },
  },
  {
    id: 'C5a',
    title: 'a body that comes too slowly',
    gateway: 'tight',
    request: {
      steps: [
        { do: 'send', bytes: rawHead({ 'content-length': '5000' }) },
        { do: 'drip', bytes: '{'.padEnd(100), size: 1, every: 100 },
      ],
      patience: 8_000,
    },
    expect: { status: 408, code: 'request_timeout', took: [900, 4_000] },
  },
  {
    id: 'C5b',
    title: 'a chunked body that comes too slowly',
    gateway: 'tight',
    request: {
      steps: [
        { do: 'send', bytes: rawHead({ 'transfer-encoding': 'chunked' }) },
        { do: 'drip', bytes: '1\r\n{\r\n'.repeat(20), size: 6, every: 200 },
      ],
      patience: 8_000,
    },
    expect: { status: 408, code: 'request_timeout', took: [900, 4_000] },
  },
  {
    id: 'C5c',
    title: 'a head that never ends',
    waits: true,
    gateway: 'patient',
    request: {
      steps: [
        { do: 'send', bytes: 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a: ' },
        { do: 'wait', ms: 50_000 },
      ],
      patience: 55_000,
    },
    expect: { byRuntime: true, took: [0, 45_000], deliveries: [0, 0] },
    skip: {
      deno: 'Deno has no limit for heads and no setting for one: a public one needs a proxy',
    },
  },
  {
    id: 'C5d',
    title: 'leaves amid its own body',
    request: {
      steps: [
        { do: 'send', bytes: rawHead({ 'content-length': '5000' }) + '{"model"' },
        { do: 'wait', ms: 100 },
        FIN,
      ],
    },
    expect: { ends: 'left', deliveries: [0, 0] },
  },
  {
    id: 'C17a',
    title: 'fifty at once where four are taken: the others are told so at once',
    gateway: 'tight',
    alone: true,
    script: [[wait(1_000), ...stream(ALL)]],
    request: { ...STREAMED, times: 50, parallel: 50 },
    expect: {
      status: [200, 503],
      code: [undefined, 'overloaded'],
      statuses: { 200: [4, 4], 503: [46, 46] },
      deliveries: [4, 4],
      headers: { 'retry-after': /^1$|^$/ },
    },
    skip: { workers: 'requests of a Worker are not counted: its platform does that' },
  },
  {
    id: 'C17b',
    title: 'three hundred streams at once, none waits for another',
    gateway: 'patient',
    alone: true,
    script: [[...BEGUN, wait(1_500), send(chunk(FINISH + DONE)), send(LAST_CHUNK)]],
    request: { ...STREAMED, times: 300, parallel: 300, patience: 20_000 },
    expect: { ...RIGHT, ends: 'done', atOnce: 300 },
  },
  {
    id: 'C17c',
    title: 'two hundred requests in one write on one connection',
    alone: true,
    request: {
      steps: [
        {
          do: 'send',
          bytes: 'GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(199) +
            'GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n',
        },
        { do: 'wait', ms: 500 },
      ],
    },
    expect: { status: 200 },
  },
  {
    id: 'K11a',
    title: '1,000 streams that clients leave: nothing is left behind',
    alone: true,
    script: [[...BEGUN, STALL]],
    request: {
      ...STREAMED,
      times: 1_000,
      parallel: 50,
      steps: [ASKED, { do: 'until', text: 'Hello' }, RST],
      patience: 20_000,
    },
    expect: { ends: 'left', deliveries: [1_000, 1_000], grows: 150 },
  },
  {
    id: 'K11b',
    title: '1,000 wrong keys: refused, then slowed',
    gateway: 'guessed',
    alone: true,
    request: {
      headers: { authorization: 'Bearer wrong-#' },
      times: 1_000,
      parallel: 20,
    },
    expect: {
      status: [401, 429],
      code: ['invalid_api_key', 'rate_limit_exceeded'],
      statuses: { 401: [20, 40], 429: [960, 980] },
      grows: 100,
    },
  },
]

function many<T>(times: number, steps: readonly T[]): T[] {
  return Array.from({ length: times }, () => steps).flat()
}

function rawHead(headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n' +
    `authorization: Bearer test-key-1\r\ncontent-type: application/json\r\n${lines}\r\n`
}
