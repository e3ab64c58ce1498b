import type { Request } from '../exchange.ts'
import { directed, FAILURES, GATEWAYS, PNG } from './shared.ts'

const EMBED = 'cohere.embed-v4.0'
const ANTHROPIC = { 'anthropic-version': '2023-06-01' }

/** A valid request to each path, of which each rejected request changes one thing. */
const VALID: readonly (readonly [path: string, body: object])[] = [
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }] }],
  ['/v1/responses', { input: 'Hi' }],
  ['/v1/completions', { prompt: 'Hi' }],
  ['/v1/embeddings', { input: 'Hi' }],
  ['/v1/messages', { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 9 }],
  ['/v1/messages/count_tokens', { messages: [{ role: 'user', content: 'Hi' }] }],
]

const BODIES = new Map([...VALID, ['/v1/responses/compact', { input: 'Hi' }] as const])
const PRICED_PATHS = [
  ...['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/responses/compact'],
  '/v1/messages',
]

/** Requests to the paths with few variants, and requests that are rejected on each path. */
export const SMALL: readonly Request[] = [
  ...completions(),
  ...embeddings(),
  ...moderations(),
  ...models(),
  ...rejected(),
  ...priced(),
]

/** Requests to gateways with a store, whose usage has a cost. */
function priced(): Request[] {
  const streamed = { stream: true, stream_options: { include_usage: true } }
  return (['priced', 'priced-relayed'] as const).flatMap((gateway) =>
    PRICED_PATHS.flatMap((path) => {
      const body = { model: 'openai.gpt-oss-120b', ...BODIES.get(path) }
      const stream = path.endsWith('completions') ? streamed : { stream: true }
      const name = `cost of ${path} (${gateway})`
      return [
        { name, gateway, path, body },
        ...path.endsWith('compact')
          ? []
          : [{ name: `${name}, streamed`, gateway, path, body: { ...body, ...stream } }],
      ]
    })
  )
}

function completions(): Request[] {
  const variants: [string, object][] = [
    ['a text', { prompt: 'Hello' }],
    ['several texts', { prompt: ['Hello', 'Goodbye'] }],
    ['several choices', { prompt: 'Hello', n: 2 }],
    ['echo', { prompt: 'Hello', echo: true }],
    ['a limit', { prompt: 'Tell me a story about rain', max_tokens: 3 }],
    ['probabilities', { prompt: 'Hello', logprobs: 2 }],
    ['no usage', { prompt: directed('no-usage') }],
    ['empty', { prompt: directed('empty') }],
    ['an interruption', { prompt: directed('cut-after=3') }],
  ]
  const path = '/v1/completions'
  return GATEWAYS.flatMap(([gateway, models]) =>
    models.flatMap((model) =>
      variants.flatMap(([name, body]): Request[] => [
        {
          name: `completions (${gateway}) ${model}: ${name}`,
          gateway,
          path,
          body: { model, ...body },
          status: name === 'an interruption' ? 'interrupted' : 'any',
        },
        {
          name: `completions (${gateway}) ${model}, streamed: ${name}`,
          gateway,
          path,
          body: { model, ...body, stream: true, stream_options: { include_usage: true } },
          status: name === 'an interruption' ? 'interrupted' : 'any',
        },
      ])
    )
  )
}

function embeddings(): Request[] {
  const bodies: object[] = [
    { input: 'Hello' },
    { input: ['Hello', 'Goodbye'] },
    { input: 'Hello', dimensions: 256 },
    { input: 'Hello', encoding_format: 'base64' },
    { input: [{ type: 'image_url', image_url: { url: PNG } }] },
    { input: directed('token-counts') },
    { input: directed('no-usage') },
    { input: Array.from({ length: 100 }, (_, at) => `text ${at}`) },
  ]
  return bodies.flatMap((body, at): Request[] =>
    (['translated', 'relayed', 'bearer'] as const).map((gateway) => ({
      name: `embeddings (${gateway}) ${at}`,
      gateway,
      path: '/v1/embeddings',
      body: { model: EMBED, ...body },
      status: gateway === 'translated' ? 200 : 'any',
    }))
  )
}

function moderations(): Request[] {
  const inputs: unknown[] = [
    'a kind word',
    ['a kind word', 'I will kill you'],
    [{ type: 'text', text: 'a' }, { type: 'image_url', image_url: { url: PNG } }],
  ]
  return inputs.map((input, at) => ({
    name: `moderations ${at}`,
    gateway: 'translated',
    path: '/v1/moderations',
    body: { input },
  }))
}

function models(): Request[] {
  const paths: [string, number][] = [
    ['/v1/models', 200],
    ['/v1/models?retired=true', 200],
    ['/v1/models/xai.grok-4', 200],
    ['/v1/models/cohere.embed-v4.0', 200],
    ['/v1/models/gpt-4o-mini', 200],
    ['/v1/models/no-such-model', 404],
  ]
  return paths.map(([path, status]) => ({
    name: `GET ${path}`,
    gateway: 'translated',
    method: 'GET',
    path,
    status,
  }))
}

function rejected(): Request[] {
  const at = (path: string) => ({
    gateway: 'translated' as const,
    path,
    headers: path.includes('/messages') ? ANTHROPIC : {},
    status: 'failure' as const,
  })
  const invalid = VALID.flatMap(([path, body]): Request[] => [
    { ...at(path), name: `${path}: not JSON`, body: '{"model":' },
    { ...at(path), name: `${path}: a list`, body: '[]' },
    { ...at(path), name: `${path}: no model`, body },
    { ...at(path), name: `${path}: a number as model`, body: { ...body, model: 5 } },
    { ...at(path), name: `${path}: stream`, body: { ...body, model: 'xai.grok-4', stream: 'x' } },
    { ...at(path), name: `${path}: GET`, method: 'GET' },
    { ...at(path), name: `${path}: no body`, body: '' },
    { ...at(path), name: `${path}: no key`, gateway: 'bearer', status: 'interrupted', body },
  ])
  const missing = ['/v1/nowhere', '/v1/batches', '/v1/messages/batches', '/nowhere']
    .map((path): Request => ({ ...at(path), name: `${path}: no such path`, method: 'GET' }))
  const stored = ['GET', 'DELETE'].flatMap((method): Request[] =>
    (['translated', 'relayed'] as const).flatMap((gateway) =>
      ['resp_x', `resp_gw${'a'.repeat(24)}`].map((id) => ({
        ...at(`/v1/responses/${id}`),
        gateway,
        name: `${method} ${id} (${gateway})`,
        method: method as 'GET' | 'DELETE',
      }))
    )
  )
  const failing = FAILURES.flatMap(([directive]) =>
    VALID.slice(0, 3).map(([path]): Request => ({
      ...at(path),
      name: `${path}: ${directive}`,
      body: {
        model: 'xai.grok-4',
        ...withText(path, directed(directive)),
      },
    }))
  )
  return [...invalid, ...missing, ...stored, ...failing]
}

function withText(path: string, text: string): object {
  if (path.endsWith('/chat/completions')) return { messages: [{ role: 'user', content: text }] }
  return path.endsWith('/completions') ? { prompt: text } : { input: text }
}
