import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'

const CHAT = 'meta.llama-3.3-70b-instruct'
const EMBED = 'cohere.embed-v4.0'
const PNG = 'data:image/png;base64,iVBORw0KGgo='
const MESSAGES = [{ role: 'user', content: 'Hello' }]

/** A request that needs `calls` calls to OCI, with its path. */
const requests: [name: string, path: string, param: string, body: (calls: number) => object][] = [
  ['batches of texts', '/v1/embeddings', 'input', (calls) => ({
    model: EMBED,
    input: Array(96 * (calls - 1) + 1).fill('a'),
    // Shorter vectors: how many there are is what counts.
    dimensions: 256,
  })],
  ['images', '/v1/embeddings', 'input', (calls) => ({
    model: EMBED,
    input: Array(calls).fill(PNG),
  })],
  ['moderated texts', '/v1/moderations', 'input', (calls) => ({ input: Array(calls).fill('a') })],
  ['prompts', '/v1/completions', 'prompt', (calls) => ({
    model: CHAT,
    prompt: Array(calls).fill('a'),
  })],
  ['choices of prompts', '/v1/completions', 'prompt', (calls) => ({
    model: CHAT,
    prompt: Array(Math.ceil(calls / 4)).fill('a'),
    n: 4,
  })],
  ['streamed prompts', '/v1/completions', 'prompt', (calls) => ({
    model: CHAT,
    prompt: Array(calls).fill('a'),
    stream: true,
  })],
]

describe('F11: the limit of calls to OCI for one request', () => {
  for (const [name, path, param, bodyOf] of requests) {
    it(`F11: ${name}: allows 32, and rejects more before the first call`, async () => {
      const gateway = await openTestGateway()
      const allowed = await post(gateway, path, bodyOf(32))
      assert.equal(allowed.status, 200, await allowed.text())
      assert.ok(gateway.calls.length <= 32)
      const before = gateway.calls.length
      for (const calls of [33, 90]) {
        const refused = await post(gateway, path, bodyOf(calls))
        assert.equal(refused.status, 400)
        const { error } = await refused.json()
        assert.equal(error.param, param)
        assert.match(error.message, /needs \d+ calls to OCI, at most 32 are allowed/)
      }
      assert.equal(gateway.calls.length, before)
    })
  }
})

const posts: [path: string, body: object][] = [
  ['/v1/chat/completions', { messages: MESSAGES }],
  ['/v1/chat/completions', { messages: MESSAGES, stream: true }],
  ['/v1/responses', { input: 'Hello' }],
  ['/v1/messages', { messages: MESSAGES, max_tokens: 5 }],
  ['/v1/messages/count_tokens', { messages: MESSAGES }],
  ['/v1/completions', { prompt: 'Hello' }],
  ['/v1/embeddings', { input: 'Hello' }],
  ['/v1/moderations', { input: 'Hello' }],
  ['/v1/rerank', { query: 'a', documents: ['b'] }],
  ['/v2/rerank', { query: 'a', documents: ['b'] }],
]

describe('F3: model names', () => {
  const ocid = `ocid1.generativeaiendpoint.oc1.us-chicago-1.${'a'.repeat(300)}`
  for (const [path, body] of posts) {
    it(`F3: ${path} rejects more than 256 characters${'stream' in body ? ', streamed' : ''}`, async () => {
      const gateway = await openTestGateway()
      for (const model of ['x'.repeat(257), 'x'.repeat(1_000_000), ocid]) {
        const response = await post(gateway, path, { model, ...body })
        assert.equal(response.status, 400)
        assert.match(await response.text(), /model.* must be at most 256 characters/)
      }
      assert.deepEqual(gateway.calls, [])
    })
  }

  it('F3: GET /v1/models/{id} rejects more than 256 characters', async () => {
    const gateway = await openTestGateway()
    const response = await gateway.fetch(`/v1/models/${'x'.repeat(257)}`)
    assert.equal(response.status, 400)
    assert.equal((await response.json()).error.message, '"model" must be at most 256 characters')
    assert.deepEqual(gateway.calls, [])
  })
})

function post(
  gateway: Awaited<ReturnType<typeof openTestGateway>>,
  path: string,
  body: object,
): Promise<Response> {
  return gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
}
