import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEARER } from '../oci-names.ts'
import { openTestGateway } from './gateway.ts'
import { postJson } from './post-json.ts'
import { events, refusing, sse, type Upstream } from './upstream.ts'
import type { ErrorBody } from './wire.ts'

const MESSAGES = [{ role: 'user', content: 'Hi' }]
const CLIENT_APIS: readonly (readonly [path: string, body: object])[] = [
  ['/v1/chat/completions', { messages: MESSAGES }],
  ['/v1/responses', { input: 'Hi' }],
  ['/v1/messages', { messages: MESSAGES, max_tokens: 9 }],
  ['/v1/completions', { prompt: 'Hi' }],
]

/** Texts of OCI and its vendors, all with a limit of 131,072 tokens. */
const TOO_LONG = [
  "This model's maximum context length is 131072 tokens. However, you requested 140000 tokens",
  'Requested token count exceeds the maximum context length of 131,072 tokens. You sent 140,000',
  'The input token count (140000) exceeds the maximum number of tokens allowed (131072).',
  'prompt is too long: 140000 tokens > 131072 maximum',
  'token limit exceeded: 140000 > 131072',
  'Input is too long: 140000 tokens, limit: 131072',
]

describe('an error about the context window', () => {
  for (const [path, body] of CLIENT_APIS) {
    for (const endpoint of ['native', 'openai']) {
      it(`R-C6 names only OCI's limit: ${path}, ${endpoint}`, async () => {
        const known = { contextWindow: 128_000, endpoint }
        const config = { models: { 'xai.*': known }, retry: { maxAttempts: 1 } }
        for (const message of TOO_LONG) {
          const refused = refusing(400, { code: '400', message })
          const inStream = events({ error: { code: '400', message } })
          for (const upstream of [refused, inStream]) {
            const gateway = await openTestGateway({ config, upstream })
            const request = { model: 'xai.grok-4.3', stream: true, ...body }
            const { status, reply } = await postJson<ErrorBody>(gateway, path, request)
            assert.equal(status, 400, message)
            const text = reply.error?.message ?? ''
            assert.match(text, /maximum context length is 131072 tokens/)
            assert.doesNotMatch(text, /128,?000/)
          }
        }
      })
    }
  }
})

/** Parameters as Responses names them, with the requests of each client API that have them. */
const DOTTED = {
  'text.verbosity': { field: 'verbosity', sent: 'verbosity', value: 'low' },
  'reasoning.effort': { field: 'reasoning_effort', sent: 'reasoningEffort', value: 'high' },
} as const

const WORDINGS: readonly ((name: string) => object)[] = [
  (name) => ({
    error: {
      message: `Unsupported parameter: '${name}'`,
      code: 'unsupported_parameter',
      param: name,
    },
  }),
  (name) => ({ code: '400', message: `Unsupported parameter: '${name}' with this model.` }),
  (name) => ({ code: '400', message: `${name} is not supported.` }),
  (name) => ({ code: '400', message: `Unknown parameter: "request.${name}"` }),
]

describe('an error about a parameter with a dotted name', () => {
  for (const [name, { field, sent, value }] of Object.entries(DOTTED)) {
    for (const [path, body] of requestsWith(field, value)) {
      it(`R-C7 leaves the parameter out: ${name}, ${path}`, async () => {
        for (const wording of WORDINGS) {
          const rejectOnce = once(refusing(400, wording(name)))
          const gateway = await openTestGateway({ upstream: rejectOnce })
          const request = { model: 'openai.gpt-5', ...body }
          const { status, headers, reply, calls } = await postJson(gateway, path, request)
          assert.equal(status, 200, JSON.stringify(reply))
          const requests = calls.map(({ json }) => Object(json['chatRequest']))
          assert.deepEqual(requests.map((chat) => sent in chat), [true, false])
          assert.match(headers.get('x-oci-gateway-warnings') ?? '', new RegExp(`${field}: `))
        }
      })
    }
  }
})

function requestsWith(field: string, value: string): (readonly [path: string, body: object])[] {
  const [member, inner] = field === 'verbosity' ? ['text', 'verbosity'] : ['reasoning', 'effort']
  return [
    ['/v1/chat/completions', { messages: MESSAGES, [field]: value }],
    ['/v1/responses', { input: 'Hi', [member]: { [inner]: value } }],
  ]
}

function once(answer: () => Response): Upstream {
  let isFirst = true
  return () => {
    if (!isFirst) return undefined
    isFirst = false
    return answer()
  }
}

/** Streams and answers that end inside an error. */
const TRUNCATED = [
  'data: {"error":',
  'data: {"error":{"message":"no"',
  'data: {"error":\n\n',
  'event: error\ndata: {"error":{"mess',
  'event: error\ndata: {"error":\n\n',
]

describe("an error of OCI's OpenAI endpoint that is truncated", () => {
  for (const [path, body] of CLIENT_APIS) {
    for (const credential of ['a signature', 'a bearer key']) {
      it(`R-C3 is a 502 with OCI's request id: ${path}, ${credential}`, async () => {
        const options = credential === 'a bearer key'
          ? { env: BEARER }
          : { config: { models: { 'xai.*': { endpoint: 'openai', format: 'RESPONSES' } } } }
        const headers = { 'opc-request-id': 'OPC1' }
        const config = { ...options.config, retry: { maxAttempts: 1 } }
        for (const truncated of TRUNCATED) {
          const gateway = await openTestGateway({
            ...options,
            config,
            upstream: sse(truncated, headers),
          })
          const request = { model: 'xai.grok-4.3', stream: true, ...body }
          const posted = await postJson<ErrorBody>(gateway, path, request)
          assert.equal(posted.status, 502, truncated)
          assert.equal(posted.headers.get('opc-request-id'), 'OPC1')
          assert.doesNotMatch(JSON.stringify(posted.reply), /internal/)
        }
        const upstream = () =>
          new Response('{"error":', { headers: { 'content-type': 'application/json', ...headers } })
        const gateway = await openTestGateway({ ...options, config, upstream })
        const posted = await postJson(gateway, path, { model: 'xai.grok-4.3', ...body })
        assert.equal(posted.status, 502)
        assert.equal(posted.headers.get('opc-request-id'), 'OPC1')
      })
    }
  }
})

describe("an error at the beginning of a stream of OCI's OpenAI endpoint", () => {
  const errors: [data: string, status: number][] = [
    ['data: {"error":{"message":"slow down","code":"429"}}\n\n', 429],
    ['data: { "error": {"message":"slow down","code":"429"}}\n\n', 429],
    ['data: {"code":429,"message":"slow down"}\n\n', 429],
    ['data: {"message":"slow down","code":"429"}\n\n', 429],
    ['event: error\ndata: {"type":"error","code":"rate_limit_exceeded","message":"no"}\n\n', 429],
    ['data: {"error":null,"choices":[]}\n\n', 200],
  ]
  for (const [data, status] of errors) {
    it(`R-C3 has the status ${status}: ${data.trim()}`, async () => {
      const config = {
        models: { 'xai.*': { endpoint: 'openai', format: 'RESPONSES' } },
        retry: { maxAttempts: 1 },
      }
      const gateway = await openTestGateway({ config, upstream: sse(data) })
      const { fetch } = gateway
      const body = JSON.stringify({ model: 'xai.grok-4.3', input: 'Hi', stream: true })
      const response = await fetch('/v1/responses', { method: 'POST', body })
      assert.equal(response.status, status)
      await response.text()
    })
  }

  it('R-C3 is not a list', async () => {
    const config = { models: { 'xai.*': { endpoint: 'openai' } }, retry: { maxAttempts: 1 } }
    const gateway = await openTestGateway({ config, upstream: () => Response.json([]) })
    const request = { model: 'xai.grok-4.3', messages: MESSAGES }
    const { status, reply } = await postJson<ErrorBody>(gateway, '/v1/chat/completions', request)
    assert.deepEqual([status, reply.error?.code], [502, 'upstream_invalid_response'])
  })
})

describe('a response id that OCI does not know', () => {
  it('R-E8 is not_found, with a sentence about the response', async () => {
    const reads: readonly (readonly [method: string, path: string])[] = [
      ['GET', '/v1/responses/resp_x'],
      ['DELETE', '/v1/responses/resp_x'],
      ['GET', '/v1/responses/resp_x/input_items'],
      ['GET', '/v1/responses/resp_x?stream=true'],
    ]
    for (const [method, path] of reads) {
      const gateway = await openTestGateway()
      const response = await gateway.fetch(path, { method })
      const { error } = await response.json()
      assert.deepEqual([response.status, error.code], [404, 'not_found'])
      assert.match(error.message, /^OCI has no such response: .*resp_x/)
    }
  })
})
