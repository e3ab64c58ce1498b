import { refusal, whole } from '../../faults/script.ts'
import type { AttackRequest, Expectation, Row, SequenceStep } from '../row.ts'
import { MODELS } from './models.ts'

const KEY = 'authorization: Bearer test-key-1\r\n'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const NO_CALL: Expectation = { status: [400, 404, 405, 414, 431], calls: [0, 0] }

const ask = (request: AttackRequest, expect: Expectation): SequenceStep => ({
  do: 'ask',
  request,
  expect,
})
const raw = (method: string, path: string, headers = ''): AttackRequest => ({
  path,
  raw: `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\n${KEY}${headers}` +
    'connection: close\r\n\r\n',
})
const sequence = (id: string, title: string, steps: readonly SequenceStep[]): Row => ({
  id,
  title,
  attack: { type: 'sequence', steps },
})

const IDS = [
  '%2e%2e',
  '%2E%2E',
  '.%2e',
  '%2e',
  '..%2f..%2fmodels',
  '%2e%2e%2fconversations',
  'resp_1%2f..',
  'resp_1%3fa=b',
  'resp_1%23a',
  'resp_1%00',
  'resp_1%0d%0aa:b',
  'resp_1;a',
  'resp%5c..',
  'a'.repeat(200),
]

/** A name that is longer than any model name. */
const LONG = 'a'.repeat(10_000)
const LONG_NAMES: readonly AttackRequest[] = [
  { path: '/v1/chat/completions', body: { model: LONG, messages: MESSAGES } },
  { path: '/v1/chat/completions', body: { model: LONG, messages: MESSAGES, stream: true } },
  { path: '/v1/responses', body: { model: LONG, input: 'Hi' } },
  { path: '/v1/messages', body: { model: LONG, max_tokens: 10, messages: MESSAGES } },
  { path: '/v1/messages/count_tokens', body: { model: LONG, messages: MESSAGES } },
  { path: '/v1/completions', body: { model: LONG, prompt: 'Hi' } },
  { path: '/v1/embeddings', body: { model: LONG, input: 'Hi' } },
  { path: '/v1/rerank', body: { model: LONG, query: 'q', documents: ['a'] } },
  { path: '/v1/moderations', body: { model: LONG, input: 'Hi' } },
]

const many = (count: number) => Array.from({ length: count }, () => 'a')
/** Requests that would need more calls to OCI than allowed. */
const MULTIPLIED: readonly (readonly [id: string, title: string, request: AttackRequest])[] = [
  ['F11a', 'a moderation of 42,782 texts', {
    path: '/v1/moderations',
    body: { input: many(42_782) },
  }],
  ['F11b', 'a moderation of 33 texts', { path: '/v1/moderations', body: { input: many(33) } }],
  ['F11c', 'embeddings of 3,073 texts', {
    path: '/v1/embeddings',
    body: { model: MODELS.embed, input: many(3_073) },
  }],
  ['F11d', 'a completion of 33 prompts', {
    path: '/v1/completions',
    body: { model: MODELS.generic, prompt: many(33) },
  }],
  ['F11e', '100 choices of a model that returns one for each call', {
    path: '/v1/chat/completions',
    body: { model: MODELS.cohere, messages: MESSAGES, n: 100 },
  }],
  ['F11f', '33 prompts with 4 choices each', {
    path: '/v1/completions',
    body: { model: MODELS.cohere, prompt: many(33), n: 4 },
  }],
]

const ODD = { toString: 1 }
/** An object whose `toString` is not a function, which no conversion to text accepts. */
const ODD_TYPES: readonly AttackRequest[] = [
  {
    path: '/v1/chat/completions',
    body: { model: MODELS.generic, messages: [{ role: 'user', content: [{ type: ODD }] }] },
  },
  {
    path: '/v1/chat/completions',
    body: { model: MODELS.generic, messages: [{ role: ODD, content: 'Hi' }] },
  },
  {
    path: '/v1/chat/completions',
    body: { model: MODELS.generic, messages: MESSAGES, tools: [{ type: ODD }] },
  },
  {
    path: '/v1/chat/completions',
    body: { model: MODELS.generic, messages: MESSAGES, response_format: { type: ODD } },
  },
  {
    path: '/v1/chat/completions',
    body: { model: MODELS.generic, messages: MESSAGES, tool_choice: { type: ODD } },
  },
  { path: '/v1/chat/completions', body: { model: ODD, messages: MESSAGES } },
  { path: '/v1/responses', body: { model: MODELS.generic, input: [{ type: ODD }] } },
  {
    path: '/v1/responses',
    body: { model: MODELS.generic, input: [{ role: 'user', content: [{ type: ODD }] }] },
  },
  { path: '/v1/responses', body: { model: MODELS.generic, input: 'Hi', tools: [{ type: ODD }] } },
  {
    path: '/v1/responses',
    body: { model: MODELS.generic, input: 'Hi', text: { format: { type: ODD } } },
  },
  {
    path: '/v1/messages',
    body: {
      model: MODELS.generic,
      max_tokens: 10,
      messages: [{ role: 'user', content: [{ type: ODD }] }],
    },
  },
  {
    path: '/v1/messages',
    body: { model: MODELS.generic, max_tokens: 10, messages: MESSAGES, tools: [{ type: ODD }] },
  },
  { path: '/v1/moderations', body: { input: [{ type: ODD }] } },
  { path: '/v1/embeddings', body: { model: MODELS.embed, input: [ODD] } },
  { path: '/v1/rerank', body: { model: MODELS.rerank, query: 'q', documents: [ODD] } },
]

/** Statuses other than an internal error. */
const UNDERSTOOD: Expectation = { status: [200, 400, 404, 422], lacks: /internal_error/ }

const deep = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
const DEPTHS = [200, 5_000, 100_000]
const deepCall = (model: string, depth: number): AttackRequest => ({
  path: '/v1/chat/completions',
  body: {
    model,
    messages: [
      ...MESSAGES,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{
          id: 'c',
          type: 'function',
          function: { name: 'f', arguments: deep(depth) },
        }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'r' },
    ],
  },
})

const OWN_ADDRESS = 'http://127.0.0.1:8050'
const site = (value: string, request: AttackRequest): AttackRequest => ({
  ...request,
  as: 'none',
  headers: { ...request.headers, 'sec-fetch-site': value },
})
const CHAT: AttackRequest = {
  path: '/v1/chat/completions',
  body: { model: MODELS.generic, messages: MESSAGES },
}

/** Rows of requests with misleading paths, names, values and headers. */
export const PATHS: readonly Row[] = [
  sequence(
    'F6a',
    'ids of stored responses that would lead to another path of OCI',
    IDS.flatMap((id) => [
      ask(raw('DELETE', `/v1/responses/${id}`), NO_CALL),
      ask(raw('GET', `/v1/responses/${id}`), NO_CALL),
      ask(raw('GET', `/v1/responses/${id}/input_items`), NO_CALL),
    ]),
  ),
  sequence(
    'F6b',
    'names of models that would lead to another path of OCI',
    IDS.map((id) =>
      ask(raw('GET', `/v1/models/${id}`), {
        status: [200, 400, 404],
        sentHas: /^GET \/20231130\/(models|modelDiscovery)\?/,
      })
    ),
  ),
  sequence(
    'F3a',
    'model names that are longer than any, on every path',
    [
      ...LONG_NAMES.map((request) => ask(request, NO_CALL)),
      ask({ path: `/v1/models/${LONG}` }, { status: [400, 404, 414, 431] }),
    ],
  ),
  ...MULTIPLIED.map(([id, title, request]) =>
    sequence(id, `${title}: a 400 before any call`, [
      ask(request, { status: [400], calls: [0, 0] }),
    ])
  ),
  sequence(
    'F14a',
    'members whose type is an object with a toString',
    ODD_TYPES.map((request) => ask(request, UNDERSTOOD)),
  ),
  sequence(
    'F14b',
    'arguments of tool calls in the history with a nesting depth equal to their length',
    [MODELS.generic, MODELS.cohere, MODELS.coherev2].flatMap((model) =>
      DEPTHS.map((depth) => ask(deepCall(model, depth), UNDERSTOOD))
    ),
  ),
  ...(['generic', 'cohere', 'coherev2'] as const).map((name): Row => ({
    id: `F14c-${name}`,
    title: `OCI's tool call has arguments with a nesting depth equal to their length (${name})`,
    attack: {
      type: 'sequence',
      upstream: (_, number) =>
        whole(200, deepReply(name, DEPTHS[number % DEPTHS.length] ?? 0), JSON_TYPE),
      steps: ['/v1/chat/completions', '/v1/messages', '/v1/responses'].flatMap((path) =>
        DEPTHS.map(() =>
          ask({
            path,
            body: path === '/v1/responses'
              ? { model: MODELS[name], input: 'Hi' }
              : { model: MODELS[name], messages: MESSAGES, max_tokens: 10 },
          }, { status: [200, 502], lacks: /internal_error/ })
        )
      ),
    },
  })),
  {
    id: 'F14d',
    title: 'OCI returns the credentials that were sent to it',
    attack: {
      type: 'sequence',
      upstream: ({ head }) =>
        refusal(400, 'InvalidParameter', `You sent ${JSON.stringify([...head.headers])}`),
      steps: [
        ask({ path: CHAT.path, body: { model: 'meta.attack-f14d', messages: MESSAGES } }, {
          status: [400],
          lacks: /keyId=\\*"(?!\[redacted)|signature=\\*"(?!\[redacted)/,
        }),
      ],
    },
  },
  sequence('F14e', 'HTTP/1.0 without a host', [
    ask({ path: '', raw: `GET /v1/models HTTP/1.0\r\n${KEY}\r\n` }, {
      status: [200, 400, 404],
      lacks: /internal_error|Internal Server Error/,
    }),
    ask({ path: '', raw: 'GET /health HTTP/1.0\r\n\r\n' }, {
      status: [200, 400, 401, 404],
      lacks: /internal_error|Internal Server Error/,
    }),
  ]),
  sequence('F14f', '/readyz?verbose without a key', [
    ask({ path: '/readyz?verbose', as: 'none', headers: { 'x-forwarded-for': '203.0.113.7' } }, {
      status: [200, 401, 403],
      lacks: /lessons|quirks|bodyBytes|"active"/,
    }),
  ]),
  {
    ...sequence('F14g', 'origins that are not web URLs', [
      ...['javascript://localhost', 'file://localhost', 'null', 'data://127.0.0.1'].map((origin) =>
        ask({ ...CHAT, as: 'none', headers: { origin } }, { status: [403], calls: [0, 0] })
      ),
    ]),
    gateway: 'open',
    skip: { workers: 'a Worker always has API keys' },
  },
  {
    ...sequence('F13a', 'a page of another site sends GET requests', [
      ...['/v1/models', '/v1/models/x', '/v1/responses/resp_x', '/models'].flatMap((path) => [
        ask(site('cross-site', { path }), { status: [403], calls: [0, 0] }),
        ask(site('same-site', { path }), { status: [403], calls: [0, 0] }),
      ]),
      ask(site('cross-site', CHAT), { status: [403], calls: [0, 0] }),
      ask(site('same-site', { ...CHAT, headers: { 'content-type': 'text/plain' } }), {
        status: [403],
        calls: [0, 0],
      }),
      ask(site('cross-site', { path: '/v1/models', headers: { origin: OWN_ADDRESS } }), {
        status: [403],
        calls: [0, 0],
      }),
      ask(site('same-origin', { path: '/v1/models' }), { status: [200] }),
      ask(site('none', { path: '/v1/models' }), { status: [200] }),
      ask({ path: '/v1/models', as: 'none' }, { status: [200] }),
    ]),
    gateway: 'open',
    skip: { workers: 'a Worker always has API keys' },
  },
  {
    id: 'F9',
    title: 'a configuration in quotes: no client sees its content',
    gateway: 'misconfigured',
    fresh: true,
    bounds: { health: Infinity },
    unready: true,
    attack: {
      type: 'sequence',
      steps: ['/v1/models', '/health', '/readyz?verbose', '/v1/chat/completions'].map((path) =>
        ask({ path, as: 'none' }, {
          status: [200, 401, 404, 405, 500, 503],
          lacks: /canary|another-key|test-key-1|ocid1\.|BEGIN|apiKeys/,
        })
      ),
    },
    skip: {
      node: 'does not start with this configuration',
      bun: 'does not start with this configuration',
      deno: 'does not start with this configuration',
    },
  },
]

const JSON_TYPE = { 'content-type': 'application/json' }

function deepReply(name: 'generic' | 'cohere' | 'coherev2', depth: number): string {
  const text = JSON.stringify(deep(depth))
  const call = { type: 'FUNCTION', id: 'c', name: 'f', arguments: 'ARGUMENTS' }
  const nested = { type: 'FUNCTION', id: 'c', function: { name: 'f', arguments: 'ARGUMENTS' } }
  const response = name === 'generic'
    ? {
      apiFormat: 'GENERIC',
      choices: [{
        index: 0,
        message: { role: 'ASSISTANT', toolCalls: [call] },
        finishReason: 'tool_calls',
      }],
    }
    : name === 'cohere'
    ? {
      apiFormat: 'COHERE',
      text: '',
      toolCalls: [{ name: 'f', parameters: 'PARAMETERS' }],
      finishReason: 'COMPLETE',
    }
    : {
      apiFormat: 'COHEREV2',
      message: { role: 'ASSISTANT', toolCalls: [nested] },
      finishReason: 'TOOL_CALL',
    }
  return JSON.stringify({ modelId: 'm', modelVersion: '1', chatResponse: response })
    .replace('"ARGUMENTS"', text).replace('"PARAMETERS"', deep(depth))
}
