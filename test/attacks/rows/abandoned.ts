import {
  chunk,
  DONE,
  FINISH,
  LAST_CHUNK,
  refusal,
  say,
  type Script,
  send,
  STALL,
  streamHead,
  wait,
} from '../../faults/script.ts'
import { answerOrdinarily } from '../gateway.ts'
import type { AttackRequest, Moment, Row } from '../row.ts'
import { MODELS } from './models.ts'

/** The bound of `/health` in milliseconds while the machine opens and closes 100 connections at once. */
const STORM = 1_000

const MESSAGES = [{ role: 'user', content: 'Hi' }]
const SOME = 'a'.repeat(2_000)
const MOMENTS: readonly Moment[] = ['half', 'sent', 'later', 'answered']

/** All paths of the gateway. */
const BODIES: readonly (readonly [path: string, body: object])[] = [
  ['/chat/completions', { model: MODELS.generic, messages: MESSAGES }],
  ['/chat/completions', { model: MODELS.generic, messages: MESSAGES, stream: true }],
  ['/chat/completions', { model: MODELS.cohere, messages: MESSAGES, n: 3 }],
  ['/chat/completions', { model: 'openai.gpt-audio', messages: MESSAGES }],
  ['/chat/completions', { model: MODELS.generic, messages: [{ role: 'user', content: SOME }] }],
  ['/responses', { model: MODELS.generic, input: 'Hi' }],
  ['/responses', { model: MODELS.generic, input: 'Hi', stream: true }],
  ['/responses', { model: 'openai.gpt-5.5-pro', input: 'Hi' }],
  ['/messages', { model: MODELS.generic, max_tokens: 10, messages: MESSAGES }],
  ['/messages', { model: MODELS.generic, max_tokens: 10, messages: MESSAGES, stream: true }],
  ['/messages/count_tokens', { model: MODELS.generic, messages: MESSAGES }],
  ['/completions', { model: MODELS.generic, prompt: 'Hi' }],
  ['/completions', { model: MODELS.generic, prompt: ['Hi', 'Ho'] }],
  ['/embeddings', { model: MODELS.embed, input: ['a', 'b'] }],
  ['/moderations', { input: ['a', 'b'] }],
  ['/rerank', { model: MODELS.rerank, query: 'q', documents: ['a'] }],
]
const PATHS = [
  '/models',
  `/models/${MODELS.generic}`,
  '/models/unknown',
  '/responses/resp_unknown',
  '/responses/resp_unknown/input_items',
  '/unknown',
  '/health',
  '/readyz',
]
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PUT']

/** All paths and methods, with and without `/v1`, with and without API keys. */
const REQUESTS: readonly AttackRequest[] = ['', '/v1'].flatMap((base) => [
  ...BODIES.map(([path, body]): AttackRequest => ({ path: base + path, body })),
  ...BODIES.map(([path, body]): AttackRequest => ({ path: base + path, body, as: 'second' })),
  ...BODIES.slice(0, 3).map(([path]): AttackRequest => ({ path: base + path, body: '{"model"' })),
  ...PATHS.map((path): AttackRequest => ({ path: base + path })),
  ...[...PATHS, ...new Set(BODIES.map(([path]) => path))].flatMap((path) =>
    METHODS.map((method): AttackRequest => ({ method, path: base + path }))
  ),
])

/** Slow, unresponsive, broken and ordinary answers, in rotation. */
function sluggish(number: number): Script | undefined {
  switch (number % 6) {
    case 0:
      return [STALL]
    case 1:
      return [send(streamHead()), send(chunk(say('Hello'))), STALL]
    case 2:
      return [
        send(streamHead()),
        wait(30),
        send(chunk(say('Hello'))),
        wait(30),
        send(chunk(FINISH + DONE)),
        send(LAST_CHUNK),
      ]
    case 3:
      return [wait(100), ...refusal(400, 'InvalidParameter', 'no')]
    default:
      return undefined
  }
}

/** Rows of clients that disconnect. */
export const ABANDONED: readonly Row[] = [
  {
    id: 'F1a',
    title: 'requests over all paths and methods, abandoned at random moments',
    fresh: true,
    bounds: { health: STORM },
    attack: {
      type: 'abandon',
      requests: REQUESTS,
      times: { full: 10_000, short: 600 },
      parallel: 64,
      moments: MOMENTS,
      upstream: (exchange, number) => sluggish(number) ?? answerOrdinarily(exchange),
    },
  },
  {
    id: 'F1b',
    title: 'more abandoned GET /v1/models than permits, while OCI is slow',
    fresh: true,
    bounds: { health: STORM },
    shortOn: ['node', 'bun', 'deno'],
    attack: {
      type: 'abandon',
      requests: [{ path: '/v1/models' }],
      times: { full: 1_100, short: 1_100 },
      parallel: 128,
      moments: ['later'],
      upstream: (exchange) => [wait(1_000), ...answerOrdinarily(exchange)],
    },
  },
  {
    id: 'F1c',
    title: 'more abandoned GET /v1/models/{id} and stored responses than permits',
    fresh: true,
    bounds: { health: STORM },
    shortOn: [],
    attack: {
      type: 'abandon',
      requests: [
        { path: '/v1/models/unknown' },
        { path: '/v1/responses/resp_unknown' },
        { path: '/v1/responses/resp_unknown', method: 'DELETE' },
        { path: '/v1/responses/resp_unknown/input_items' },
      ],
      times: { full: 4_400, short: 1_100 },
      parallel: 128,
      moments: ['later', 'sent'],
      upstream: (exchange) => [wait(1_000), ...answerOrdinarily(exchange)],
    },
  },
  {
    id: 'F1d',
    title: 'more abandoned requests without streaming than permits, while OCI does not answer',
    fresh: true,
    bounds: { health: STORM },
    shortOn: [],
    skip: { workers: 'a Worker notices a client that left only when it writes; it has no permits' },
    attack: {
      type: 'abandon',
      requests: BODIES.filter(([, body]) => !('stream' in body))
        .map(([path, body]) => ({ path: `/v1${path}`, body })),
      times: { full: 2_200, short: 1_100 },
      parallel: 128,
      moments: ['later'],
      upstream: () => [STALL],
    },
  },
]
