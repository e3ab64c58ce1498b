import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../src/errors.ts'
import { createOciClient, type OciClient } from '../../src/oci/client.ts'
import { createCall, createContext } from '../oci/context.ts'
import { request } from '../oci/formats/generic/request.ts'
import { openTestGateway } from './gateway.ts'
import { refusing, type Upstream } from './upstream.ts'

const PRIMARY = 'xai.grok-4.3'
const OTHER = 'meta.llama-3.3-70b-instruct'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const EMBED = 'cohere.embed-v4.0'
const RERANK = 'cohere.rerank-v4.0-fast'

/** Fails calls for one model; the simulator answers the others. */
function downFor(model: string): Upstream {
  return ({ json }) =>
    JSON.stringify(json).includes(model)
      ? refusing(503, { code: '503', message: 'down' })()
      : undefined
}

interface Case {
  path: string
  body: object
  /** A fallback model answers. */
  falls?: true
  endpoint?: 'openai'
}

const CHATS: readonly Case[] = [
  { path: '/v1/chat/completions', body: { messages: MESSAGES } },
  { path: '/v1/responses', body: { input: 'Hi' } },
  { path: '/v1/messages', body: { messages: MESSAGES, max_tokens: 9 } },
  { path: '/v1/completions', body: { prompt: 'Hi' } },
  { path: '/v1/completions', body: { prompt: ['a', 'b'] } },
]
const CASES: readonly Case[] = [
  ...[false, true].flatMap((stream) =>
    CHATS.flatMap(({ path, body }): Case[] => {
      const request = { model: PRIMARY, stream, ...body }
      return [
        { path, body: request },
        { path, body: request, falls: true },
        { path, body: request, endpoint: 'openai' },
        { path, body: request, endpoint: 'openai', falls: true },
      ]
    })
  ),
  { path: '/v1/chat/completions', body: { model: PRIMARY, messages: MESSAGES, n: 2 }, falls: true },
  { path: '/v1/embeddings', body: { model: EMBED, input: 'a' } },
  { path: '/v1/embeddings', body: { model: EMBED, input: Array(97).fill('a') } },
  { path: '/v1/rerank', body: { model: RERANK, query: 'a', documents: ['b'] } },
  { path: '/v2/rerank', body: { model: RERANK, query: 'a', documents: ['b'] } },
  { path: '/v1/moderations', body: { input: ['a', 'b'] } },
]

describe('the headers of an answer', () => {
  for (const { path, body, falls, endpoint } of CASES) {
    const title = `${path} ${JSON.stringify(body).slice(0, 60)} ${endpoint ?? ''}`
    it(`R-C1 name region, attempts, fallback and request id: ${title} ${falls ?? ''}`, async () => {
      const { fetch } = await openTestGateway({
        config: {
          fallbacks: { [PRIMARY]: [OTHER] },
          ...(endpoint && { models: { 'xai.*': { endpoint }, 'meta.*': { endpoint } } }),
        },
        ...(falls && { upstream: downFor(PRIMARY) }),
      })
      const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) })
      const text = await response.text()
      assert.equal(response.status, 200, text)
      assert.equal(response.headers.get('x-oci-region'), 'us-chicago-1')
      assert.match(response.headers.get('x-oci-attempts') ?? '', falls ? /^[2-9]$/ : /^[12]$/)
      assert.equal(response.headers.get('x-oci-fallback'), falls ? `us-chicago-1/${OTHER}` : null)
      assert.match(response.headers.get('opc-request-id') ?? '', /\w/)
      assert.match(response.headers.get('x-request-id') ?? '', /\w/)
      if (falls) assert.match(text, new RegExp(`"model":"${OTHER}"`))
    })
  }
})

const EXCHANGE = {
  model: PRIMARY,
  openAi: { path: '/chat/completions', body: { model: PRIMARY, messages: MESSAGES } },
  decode: () => Promise.resolve(request()),
} as const

/** All operations of the client of OCI that a client's request may cause. */
const OPERATIONS: Readonly<
  Record<string, (oci: OciClient, call: ReturnType<typeof createCall>) => Promise<unknown>>
> = {
  'a chat': (oci, call) => oci.respond(EXCHANGE, call),
  'a streamed chat': (oci, call) => oci.respondStreamed(EXCHANGE, call),
  'three choices': (oci, call) =>
    oci.respondStreamed(
      { model: 'cohere.command-a-03-2025', decode: () => Promise.resolve(request({ choices: 3 })) },
      call,
    ),
  'a completion': (oci, call) => oci.chat({ ...request(), model: PRIMARY }, call),
  'embeddings': (oci, call) =>
    oci.embed({
      model: EMBED,
      decode: () =>
        Promise.resolve({
          ...{ model: EMBED, purpose: undefined, dimensions: undefined, truncate: undefined },
          encoding: 'float',
          inputs: [{ type: 'text', text: 'a' }],
        }),
    }, call),
  'a rerank': (oci, call) =>
    oci.rerank({
      ...{ model: RERANK, query: 'a', documents: ['b'], top: undefined, echo: false },
      ...{ maxChunksPerDocument: undefined, maxTokensPerDocument: undefined },
    }, call),
}

describe('a client that disconnected before OCI is called', () => {
  for (const [name, operate] of Object.entries(OPERATIONS)) {
    for (const endpoint of ['native', 'openai'] as const) {
      it(`R-C2 costs no call: ${name}, ${endpoint}`, async () => {
        let calls = 0
        const oci = createOciClient(createContext({
          models: new Map([['xai.*', { endpoint }]]),
          send: () => {
            calls++
            return Promise.resolve(Response.json({}))
          },
        }))
        const closed = new ApiError('client_closed', 'The client disconnected')
        await assert.rejects(operate(oci, createCall(AbortSignal.abort(closed))), closed)
        assert.equal(calls, 0)
      })
    }
  }

  for (const { path, body } of CASES) {
    it(`R-C2 costs no call: ${path} ${JSON.stringify(body).slice(0, 60)}`, async () => {
      const gateway = await openTestGateway()
      const signal = AbortSignal.abort()
      const init = { method: 'POST', body: JSON.stringify(body), signal }
      await gateway.fetch(path, init).catch(() => {})
      assert.deepEqual(gateway.calls, [])
    })
  }

  it('R-C2 costs no call: a stored response', async () => {
    const gateway = await openTestGateway()
    await gateway.fetch('/v1/responses/resp_1', { signal: AbortSignal.abort() }).catch(() => {})
    assert.deepEqual(gateway.calls, [])
  })
})
