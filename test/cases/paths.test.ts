import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { postJson } from './post-json.ts'
import type { Completion } from './wire.ts'

const MODEL = 'xai.grok-4.3'
const HELLO = { messages: [{ role: 'user', content: 'Hi' }] }
const gateway = await openTestGateway()

/** OpenAI's paths that the gateway does not serve, with the word that the error must have. */
const OPENAI: readonly (readonly [path: string, word: string])[] = [
  ...['assistants', 'batches', 'chatkit', 'evals', 'skills', 'threads', 'uploads'],
  ...['videos', 'agents', 'decisions', 'vaults', 'edits'],
].map((path) => [path, path === 'chatkit' ? 'ChatKit' : path] as const)
  .concat([
    ['audio/translations', 'translations'],
    ['audio/voices', 'voices'],
    ['chatkit/sessions', 'ChatKit'],
    ['chat/completions/chatcmpl-1', 'stored chat completions'],
    ['chat/completions/chatcmpl-1/messages', 'stored chat completions'],
    ['content_provenance_checks', 'provenance'],
    ['fine_tuning/jobs', 'fine-tuning'],
    ['images/variations', 'image variations'],
    ['live/sessions', 'live sessions'],
    ['organization/usage/completions', 'administration'],
    ['projects/p/x', 'administration'],
    ['realtime/sessions', 'realtime'],
    ['responses/resp_1/other', 'responses'],
    ['safety/x', 'safety'],
    ['webhook_endpoints', 'webhooks'],
    ['batches/batch_1/cancel', 'batches'],
    ['engines', 'engines'],
  ])

const ANTHROPIC: readonly (readonly [path: string, word: string])[] = [
  ['messages/batches', 'message batches'],
  ['messages/batches/b1/results', 'message batches'],
  ['files', 'files'],
  ['skills', 'skills'],
  ['complete', 'text completions'],
  ['organizations/me', 'administration'],
  ['agents', 'agents'],
  ['sessions', 'sessions'],
  ['environments', 'environments'],
  ['memory_stores', 'memory stores'],
]

describe('a path of a client API that OCI does not have', () => {
  for (const [path, word] of OPENAI) {
    it(`R-D4 is a 404 that says so: /${path}`, async () => {
      for (const base of ['/v1', '', '/openai/v1']) {
        for (const method of ['GET', 'POST']) {
          const response = await gateway.fetch(`${base}/${path}`, { method })
          const { error } = await response.json()
          assert.deepEqual(
            [response.status, error.type, error.code],
            [404, 'not_found_error', 'not_found'],
          )
          assert.match(error.message, /^OCI has no /)
          assert.ok(error.message.includes(word), error.message)
        }
      }
    })
  }

  for (const [path, word] of ANTHROPIC) {
    it(`R-D4 is a 404 in Anthropic's format: /${path}`, async () => {
      const headers = { 'anthropic-version': '2023-06-01' }
      const response = await gateway.fetch(`/v1/${path}`, { method: 'POST', headers })
      const { type, error, request_id: id } = await response.json()
      assert.deepEqual([response.status, type, error.type], [404, 'error', 'not_found_error'])
      assert.ok(error.message.includes(word), error.message)
      assert.equal(response.headers.get('request-id'), id)
    })
  }
})

describe('a path that a wrong base URL makes', () => {
  const wrong: readonly (readonly [path: string, hint: RegExp])[] = [
    ['//v1/chat/completions', /contains "\/\/": remove the slash at the end of the base URL/],
    ['/v1//chat/completions', /contains "\/\/"/],
    ['//v1/messages', /contains "\/\/"/],
    ['/v1/v1/chat/completions', /"\/v1" twice/],
    ['/v1/v1/messages', /"\/v1" twice/],
    ['/v1/chat/completions/chat/completions', /base URL contains "\/chat\/completions"/],
    ['/v1/chat/completions/v1/chat/completions', /base URL contains "\/chat\/completions"/],
    ['/v1/chat/completions/models', /base URL contains "\/chat\/completions"/],
    ['/v1/messages/v1/messages', /base URL contains "\/messages"/],
    ['/v1/embeddings/embeddings', /base URL contains "\/embeddings"/],
    ['/v1/responses/v1/responses', /base URL contains "\/responses"/],
    ['/api/v1/chat/completions', /This endpoint is at "\/v1\/chat\/completions"$/],
    ['/V1/chat/completions', /This endpoint is at "\/v1\/chat\/completions"$/],
    ['/anthropic/v1/messages/count_tokens', /is at "\/v1\/messages\/count_tokens"$/],
    ['/proxy/models', /This endpoint is at "\/v1\/models"$/],
  ]
  for (const [path, hint] of wrong) {
    it(`R-C8 has a hint: ${path}`, async () => {
      const response = await gateway.fetch(path, { method: 'POST', body: '{}' })
      const { error } = await response.json()
      assert.equal(response.status, 404)
      assert.match(error.message, hint)
    })
  }

  it('R-C8 has a hint when it is taken for an id', async () => {
    const response = await gateway.fetch('/v1/responses/responses', { method: 'POST', body: '{}' })
    assert.equal(response.status, 405)
    assert.match((await response.json()).error.message, /base URL contains "\/responses"/)
  })

  it('R-C8 has no hint without a cause', async () => {
    const { error } = await (await gateway.fetch('/v1/nowhere')).json()
    assert.equal(error.message, 'No such path: "/v1/nowhere"')
  })
})

describe('GET /v1/models', () => {
  it('R-C8 lists output limits and context windows of chat models only', async () => {
    const { data } = await (await gateway.fetch('/v1/models')).json()
    const kinds = new Set<string>()
    for (const { id, max_output_tokens: limit, context_window: size, capabilities } of data) {
      if (capabilities.chat && limit !== undefined) kinds.add('chat')
      if (capabilities.chat) continue
      kinds.add(capabilities.rerank ? 'rerank' : 'embeddings')
      assert.deepEqual([id, limit, size], [id, undefined, undefined])
    }
    assert.deepEqual([...kinds].sort(), ['chat', 'embeddings', 'rerank'])
  })
})

describe("Azure's paths", () => {
  const azure: readonly (readonly [path: string, body: object])[] = [
    ['/openai/v1/chat/completions', { model: MODEL, ...HELLO }],
    ['/openai/v1/responses', { model: MODEL, input: 'Hi' }],
    ['/openai/responses?api-version=2025-03-01-preview', { model: MODEL, input: 'Hi' }],
    ['/openai/v1/embeddings', { model: 'cohere.embed-v4.0', input: 'Hi' }],
    [`/openai/deployments/${MODEL}/chat/completions?api-version=2024-10-21`, HELLO],
    [`/openai/deployments/${MODEL}/chat/completions`, { model: 'other', ...HELLO }],
    [`/openai/deployments/${MODEL}/completions`, { prompt: 'Hi' }],
    ['/openai/deployments/cohere.embed-v4.0/embeddings', { input: 'Hi' }],
  ]
  for (const [path, body] of azure) {
    it(`R-E10 are served: ${path}`, async () => {
      const { status, reply, sent } = await postJson<Completion>(gateway, path, body)
      assert.equal(status, 200, JSON.stringify(reply))
      const model = path.includes('embeddings') ? 'cohere.embed-v4.0' : MODEL
      assert.deepEqual([reply.model, modelOf(sent[0])], [model, model])
    })
  }

  it('R-E10 name an alias in the deployment', async () => {
    const named = await openTestGateway({ config: { aliases: { 'my gpt': MODEL } } })
    const path = '/openai/deployments/my%20gpt/chat/completions'
    const { status, reply, sent } = await postJson<Completion>(named, path, HELLO)
    assert.equal(status, 200)
    assert.deepEqual([reply.model, modelOf(sent[0])], ['my gpt', MODEL])
  })

  it('R-E10 need a key, which may be in the header api-key', async () => {
    const locked = await openTestGateway({ env: { GATEWAY_API_KEYS: 'sk-azure-0123456789' } })
    const path = `/openai/deployments/${MODEL}/chat/completions`
    const post = (headers: Record<string, string>) =>
      locked.fetch(path, { method: 'POST', headers, body: JSON.stringify(HELLO) })
    assert.equal((await post({})).status, 401)
    assert.equal((await post({ 'api-key': 'sk-wrong' })).status, 401)
    assert.equal((await post({ 'api-key': 'sk-azure-0123456789' })).status, 200)
  })
})

function modelOf(sent: Record<string, unknown> | undefined): unknown {
  const mode = sent?.['servingMode']
  return typeof mode === 'object' && mode !== null && 'modelId' in mode ? mode.modelId : undefined
}
