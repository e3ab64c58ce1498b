import { EVENTUALLY } from '../bounds.ts'
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
  waitFor,
  whole,
} from '../script.ts'

const STREAMED = { body: { stream: true } }
const ALL = say('Hello') + FINISH + DONE
const OK = whole(200, reply('Hello'))
const RIGHT = { status: 200, text: 'Hello' }
const BEGUN = [send(streamHead()), send(chunk(say('Hello')))]
/** Long before the first heartbeat, except on Workers, which need one to notice. */
const LEFT = { ends: 'left', upstreamLeft: 10_000, logged: /client_closed/ } as const
/** workerd ends a Worker when its client resets the connection, before it can log that. */
const CUT_SHORT = {
  ...LEFT,
  logged: { node: /client_closed/, bun: /client_closed/, deno: /client_closed/ },
}
const FIN = { do: 'fin' } as const
const RST = { do: 'reset' } as const
/** The upstream has the request, and the gateway waits for an answer. */
const REQUESTED = { do: 'wait-for', condition: { type: 'requested', requests: 1 } } as const
const READY = { do: 'wait-for', condition: { type: 'ready' } } as const
const UPSTREAM_IDLE = { do: 'wait-for', condition: { type: 'upstream-idle' } } as const
const UNNOTICED = 'workerd notices it only when the Worker writes, and this one does not (measured)'

/** Clients that leave, or are slow. */
export const CLIENTS: readonly Row[] = [
  {
    id: 'F-C1a',
    title: 'the client leaves a stalled stream (FIN)',
    gateway: 'disconnects',
    script: [[...BEGUN, STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'read-until', text: 'Hello' }, FIN] },
    expect: LEFT,
  },
  {
    id: 'F-C1b',
    title: 'the client leaves a stalled stream (RST)',
    gateway: 'disconnects',
    script: [[...BEGUN, STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'read-until', text: 'Hello' }, RST] },
    expect: LEFT,
  },
  {
    id: 'F-C1c',
    title: 'the client leaves a stream with an event every 20 ms (FIN)',
    gateway: 'disconnects',
    script: [[...BEGUN, ...many(3_000, [wait(20), send(chunk(say('more ')))])]],
    request: { ...STREAMED, steps: [ASKED, { do: 'read-until', text: 'more' }, FIN] },
    expect: LEFT,
  },
  {
    id: 'F-C1d',
    title: 'the client leaves a stream with an event every 20 ms (RST)',
    gateway: 'disconnects',
    script: [[...BEGUN, ...many(3_000, [wait(20), send(chunk(say('more ')))])]],
    request: { ...STREAMED, steps: [ASKED, { do: 'read-until', text: 'more' }, RST] },
    expect: LEFT,
  },
  {
    id: 'F-C1e',
    title: 'the client leaves a stream before its first byte (FIN)',
    gateway: 'disconnects',
    script: [[STALL]],
    request: { ...STREAMED, steps: [ASKED, REQUESTED, FIN] },
    expect: LEFT,
    skip: { workers: UNNOTICED },
  },
  {
    id: 'F-C1k',
    title: 'the client leaves a stream that began before OCI answered (FIN)',
    gateway: 'earlyStreamStart',
    script: [[STALL]],
    request: {
      ...STREAMED,
      steps: [ASKED, REQUESTED, { do: 'read-until', text: 'HTTP/1.1 200' }, FIN],
    },
    expect: LEFT,
  },
  {
    id: 'F-C1f',
    title: 'the client leaves a stream before its first byte (RST)',
    gateway: 'disconnects',
    script: [[STALL]],
    request: { ...STREAMED, steps: [ASKED, REQUESTED, RST] },
    expect: CUT_SHORT,
  },
  {
    id: 'F-C1g',
    title: 'the client leaves before an unstreamed answer (FIN)',
    gateway: 'disconnects',
    script: [[STALL]],
    request: { steps: [ASKED, REQUESTED, FIN] },
    expect: LEFT,
    skip: { workers: UNNOTICED },
  },
  {
    id: 'F-C1h',
    title: 'the client leaves before an unstreamed answer (RST)',
    gateway: 'disconnects',
    script: [[STALL]],
    request: { steps: [ASKED, REQUESTED, RST] },
    expect: CUT_SHORT,
  },
  {
    id: 'F-C1i',
    title: 'the client leaves while the gateway waits to retry',
    waits: true,
    script: [whole(429, { code: 'TooManyRequests', message: '-' }, { 'retry-after': '20' }), OK],
    request: { steps: [ASKED, REQUESTED, { do: 'wait', ms: 200 }, RST] },
    expect: { ends: 'left', deliveries: [1, 1], quietFor: 22_000 },
    skip: {
      workers: 'workerd ends the whole request with its client: there is nothing to observe',
    },
  },
  {
    id: 'F-C1j',
    title: '20 clients leave a gateway with a limit of 4 requests: it accepts new ones',
    gateway: 'lowLimits',
    script: [[...BEGUN, STALL]],
    request: {
      ...STREAMED,
      times: 20,
      steps: [UPSTREAM_IDLE, READY, ASKED, { do: 'read-until', text: 'Hello' }, RST],
    },
    expect: { ...LEFT, deliveries: [20, 20] },
  },
  {
    id: 'F-C2',
    title: 'the client does not read 256 MiB for 4 s',
    heavy: true,
    gateway: 'default',
    script: [[...BEGUN, flood(chunk(say('x'.repeat(16 * 1024))), 16_384)]],
    request: {
      ...STREAMED,
      steps: [ASKED, { do: 'read-until', text: 'Hello' }, { do: 'pause', ms: 4_000 }, RST],
    },
    expect: { ends: 'left', pulled: 24, grows: 64 },
  },
  {
    id: 'F-C2b',
    title: 'the same, relayed from the OpenAI-compatible endpoint',
    heavy: true,
    gateway: 'default',
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
      steps: [ASKED, { do: 'read-until', text: 'xxxx' }, { do: 'pause', ms: 4_000 }, RST],
    },
    expect: { ends: 'left', pulled: 24, grows: 64 },
  },
  {
    id: 'F-C3',
    title: '50 clients do not read for 4 s',
    heavy: true,
    gateway: 'default',
    script: [[...BEGUN, flood(chunk(say('x'.repeat(16 * 1024))), 4_096)]],
    request: {
      ...STREAMED,
      times: 50,
      parallel: 50,
      steps: [ASKED, { do: 'read-until', text: 'Hello' }, { do: 'pause', ms: 4_000 }, RST],
    },
    expect: { ends: 'left', pulled: 32, grows: 500 },
  },
  {
    id: 'F-C5a',
    title: 'a request body that is too slow',
    gateway: 'shortTimeouts',
    request: {
      steps: [
        { do: 'send', bytes: rawHead({ 'content-length': '5000' }) },
        { do: 'drip', bytes: '{'.padEnd(60), size: 1, every: 2_000 },
      ],
    },
    expect: { status: 408, code: 'request_timeout', took: [9_900, EVENTUALLY] },
  },
  {
    id: 'F-C5b',
    title: 'a chunked request body that is too slow',
    gateway: 'shortTimeouts',
    request: {
      steps: [
        { do: 'send', bytes: rawHead({ 'transfer-encoding': 'chunked' }) },
        { do: 'drip', bytes: '1\r\n{\r\n'.repeat(60), size: 6, every: 2_000 },
      ],
    },
    expect: { status: 408, code: 'request_timeout', took: [9_900, EVENTUALLY] },
  },
  {
    id: 'F-C5c',
    title: 'a request head without an end',
    waits: true,
    gateway: 'default',
    request: {
      steps: [
        { do: 'send', bytes: 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a: ' },
        { do: 'wait', ms: 65_000 },
      ],
      patience: 66_000,
    },
    expect: { byRuntime: true, took: [0, 64_000], deliveries: [0, 0] },
    skip: {
      deno:
        'Deno has neither a timeout for request heads nor a setting: a public gateway needs a proxy',
    },
  },
  {
    id: 'F-C5d',
    title: 'the client leaves within its own request body',
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
    id: 'F-C17a',
    title: '50 requests at once with a limit of 4: the others get a 503 at once',
    heavy: true,
    gateway: 'lowLimits',
    script: [[waitFor({ type: 'finished', clients: 46 }), ...stream(ALL)]],
    request: { ...STREAMED, times: 50, parallel: 50 },
    expect: {
      status: [200, 503],
      code: [undefined, 'overloaded'],
      statuses: { 200: [4, 4], 503: [46, 46] },
      deliveries: [4, 4],
      headers: { 'retry-after': /^1$|^$/ },
    },
    skip: { workers: 'a Worker does not limit its requests: its platform does' },
  },
  {
    id: 'F-C17b',
    title: '300 streams at once: none waits for another',
    heavy: true,
    gateway: 'default',
    script: [[
      ...BEGUN,
      waitFor({ type: 'received', text: 'Hello', clients: 300 }),
      send(chunk(FINISH + DONE)),
      send(LAST_CHUNK),
    ]],
    request: { ...STREAMED, times: 300, parallel: 300 },
    expect: { ...RIGHT, ends: 'done', atOnce: 300 },
  },
  {
    id: 'F-C17c',
    title: '200 requests in one write on one connection',
    request: {
      steps: [
        {
          do: 'send',
          bytes: 'GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(199) +
            'GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n',
        },
      ],
    },
    expect: { status: 200 },
  },
  {
    id: 'F-K11a',
    title: '1,000 streams that clients leave: no request and no memory remains',
    heavy: true,
    gateway: 'disconnects',
    script: [[...BEGUN, STALL]],
    request: {
      ...STREAMED,
      times: 1_000,
      parallel: 50,
      steps: [ASKED, { do: 'read-until', text: 'Hello' }, RST],
    },
    // V8's heap grows by up to 190 MiB with 1,000 streams and with 4,000: only a leak exceeds this.
    expect: { ends: 'left', deliveries: [1_000, 1_000], grows: 256 },
  },
  {
    id: 'F-K11b',
    title: '1,000 wrong keys: refused, then limited',
    heavy: true,
    gateway: 'tainted',
    request: {
      headers: { authorization: 'Bearer wrong-#' },
      times: 1_000,
      parallel: 20,
    },
    expect: {
      status: [401, 429],
      code: ['invalid_api_key', 'rate_limit_exceeded'],
      // 20 a minute, and a busy machine takes more than one.
      statuses: { 401: [20, 80], 429: [920, 980] },
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
