import { answerOrdinarily } from '../gateway.ts'
import { HOLD_OPEN } from '../ordinary-answers.ts'
import { ordinaryChat } from '../request.ts'
import type { AttackRequest, Row } from '../row.ts'
import { HOSTILE_SCRIPTS } from './isolation.ts'
import { MODELS } from './models.ts'

const MIB = 2 ** 20
const said = (content: string) => [{ role: 'user', content }]
const chat = (body: object): AttackRequest => ({
  path: '/v1/chat/completions',
  body: { model: MODELS.generic, ...body },
})

/** Bodies with a name of about `bytes` bytes, by path. */
const NAMED: readonly (readonly [path: string, make: (model: string) => object])[] = [
  ['/v1/chat/completions', (model) => ({ model, messages: said('Hi') })],
  ['/v1/responses', (model) => ({ model, input: 'Hi' })],
  ['/v1/messages', (model) => ({ model, max_tokens: 10, messages: said('Hi') })],
  ['/v1/completions', (model) => ({ model, prompt: 'Hi' })],
  ['/v1/embeddings', (model) => ({ model, input: 'Hi' })],
  ['/v1/rerank', (model) => ({ model, query: 'q', documents: ['a'] })],
]

/** The small hostile requests of the soak. */
const HOSTILE: readonly AttackRequest[] = [
  { ...ordinaryChat('wrong') },
  { path: '/v1/models', as: 'wrong' },
  chat({ messages: said('hostile 0') }),
  chat({ messages: said('hostile 1'), stream: true }),
  chat({ messages: said('hostile 2'), stream: true }),
  chat({ messages: said('hostile 3'), stream: true }),
  chat({ messages: 1 }),
  chat({ messages: [{ role: 'user', content: [{ type: { toString: 1 } }] }] }),
  { path: '/v1/chat/completions', body: '{"model":' },
  { path: '/v1/chat/completions', body: '['.repeat(10_000) },
  { path: '/v1/moderations', body: { input: Array.from({ length: 40 }, () => 'a') } },
  {
    path: '/v1/responses',
    body: { model: MODELS.generic, input: [{ type: 'item_reference', id: 'x' }] },
  },
  { path: '/v1/unknown' },
  { path: '/v1/responses/..%2f..' },
  { path: '', raw: 'GET /health HTTP/1.0\r\n\r\n' },
  { path: '', raw: 'nonsense\r\n\r\n' },
]

/** Rows that use memory, permits, connections and time. */
export const RESOURCES: readonly Row[] = [
  ...NAMED.map(([path, make]): Row => ({
    id: `F3b-${path.split('/')[2]}`,
    title: `very many names of 10 MB on ${path}`,
    gateway: 'loaded',
    fresh: true,
    shortOn: [],
    bounds: { memory: 2_048 },
    attack: {
      type: 'repeat',
      make: (bytes, number) => ({ path, body: make(`${number}${'a'.repeat(bytes)}`) }),
      bytes: { full: 10 * MIB, short: MIB },
      times: { full: 30, short: 12 },
      grows: 200,
    },
  })),
  {
    id: 'F4a',
    title: 'sixteen requests of 31.5 MB while OCI is slow',
    gateway: 'loaded',
    fresh: true,
    shortOn: ['node'],
    attack: {
      type: 'hold',
      how: 'slow-upstream',
      make: (bytes) => chat({ messages: said('a'.repeat(bytes)) }),
      bytes: { full: 31.5 * MIB, short: 31.5 * MIB },
      times: { full: 16, short: 16 },
      holdMs: { full: 5_000, short: 2_000 },
      statuses: [200, 503],
      // One client may use half of the 256 MiB.
      minCounts: { 200: 4, 503: 1 },
      otherClient: { request: ordinaryChat(), status: [200, 503] },
    },
    skip: { workers: 'the Workers platform limits the memory of an isolate' },
    bounds: { health: 1_000 },
  },
  {
    id: 'F4b',
    title: 'streams that stay open after bodies of 16 MB',
    gateway: 'loaded',
    fresh: true,
    shortOn: [],
    attack: {
      type: 'hold',
      how: 'open-stream',
      make: (bytes) => chat({ stream: true, messages: said(HOLD_OPEN + 'a'.repeat(bytes)) }),
      bytes: { full: 16 * MIB, short: MIB },
      times: { full: 60, short: 10 },
      holdMs: { full: 2_000, short: 500 },
      // A body counts against its client's budget until its stream ends: a runtime may retain it.
      statuses: [200, 503],
      otherClient: { request: ordinaryChat(), status: [200] },
    },
    bounds: { health: 1_000 },
  },
  {
    id: 'F12',
    title: 'more slow bodies of one client than permits',
    fresh: true,
    shortOn: ['node'],
    attack: {
      type: 'hold',
      how: 'slow-body',
      make: () => chat({ messages: said('a'.repeat(1_000)) }),
      bytes: { full: 1_000, short: 1_000 },
      times: { full: 1_100, short: 1_100 },
      holdMs: { full: 6_000, short: 2_000 },
      statuses: [0, 429, 503],
      otherClient: { request: ordinaryChat(), status: [200] },
    },
    skip: { workers: 'the Workers platform decides how many requests an isolate receives' },
  },
  {
    id: 'F10a',
    title: 'connections that send nothing are closed after some time',
    fresh: true,
    concurrent: true,
    // The other rows load the machine meanwhile.
    bounds: { health: 1_000 },
    shortOn: [],
    attack: {
      type: 'idle',
      connections: { full: 200, short: 200 },
      sends: '',
      closesWithin: 100_000,
    },
    skip: {
      deno: '`deno serve` has no limit for idle connections: put a proxy before it',
      workers: 'the Workers platform holds the connections',
    },
  },
  {
    id: 'F10b',
    title: 'connections that send nothing more after an answer are closed after some time',
    fresh: true,
    concurrent: true,
    // The other rows load the machine meanwhile.
    bounds: { health: 1_000 },
    shortOn: [],
    attack: {
      type: 'idle',
      connections: { full: 200, short: 200 },
      sends: 'GET /health HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\n\r\n',
      closesWithin: 100_000,
    },
    skip: {
      deno: '`deno serve` has no limit for idle connections: put a proxy before it',
      workers: 'the Workers platform holds the connections',
    },
  },
  {
    id: 'F10c',
    title: 'more connections than file handles: the process survives',
    fresh: true,
    shortOn: ['node', 'bun'],
    attack: {
      type: 'idle',
      connections: { full: 400, short: 200 },
      sends: '',
      handles: 50,
    },
    skip: {
      deno: '`deno serve` ends at the limit on file handles: put a proxy before it',
      workers: 'the Workers platform holds the connections',
    },
  },
  {
    id: 'soak',
    title: 'ordinary requests among hostile ones, compared with a quiet run',
    attack: {
      type: 'soak',
      times: { full: 30_000, short: 400 },
      hostile: HOSTILE,
      ordinary: ordinaryChat(),
      hostileShare: 0.3,
      slower: { full: 2, short: 20 },
      upstream(exchange) {
        const kind = /hostile (\d)/.exec(exchange.body)?.[1]
        return (kind === undefined ? undefined : HOSTILE_SCRIPTS[Number(kind)]) ??
          answerOrdinarily(exchange)
      },
    },
  },
]
