import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { postJson } from './post-json.ts'

const HELLO = [{ role: 'user', content: 'Hi' }]
const ENDPOINTS: readonly (readonly [path: string, body: object])[] = [
  ['/v1/chat/completions', { messages: HELLO }],
  ['/v1/responses', { input: 'Hi' }],
  ['/v1/messages', { messages: HELLO, max_tokens: 9 }],
  ['/v1/completions', { prompt: 'Hi' }],
]

describe('the model of a request', () => {
  for (const [path, body] of ENDPOINTS) {
    it(`R-E4 is that of the operator's pattern before a built-in alias: ${path}`, async () => {
      const MODEL_MAP = '{"gpt-*":"xai.grok-4.3"}'
      const gateway = await openTestGateway({ env: { MODEL_MAP } })
      for (const model of ['gpt-4o-mini', 'oci/gpt-4o-mini', 'gpt-9']) {
        const { status, sent } = await postJson(gateway, path, { model, ...body })
        assert.equal(status, 200)
        assert.equal(modelOf(sent[0]), 'xai.grok-4.3')
      }
    })
  }

  it("R-E4 is that of the operator's pattern for embeddings", async () => {
    const gateway = await openTestGateway({ config: { aliases: { '*': 'cohere.embed-v4.0' } } })
    const body = { model: 'text-embedding-3-small', input: 'a' }
    const { sent } = await postJson(gateway, '/v1/embeddings', body)
    assert.equal(modelOf(sent[0]), 'cohere.embed-v4.0')
  })

  it('R-E4 is that of an exact name before a pattern, and of a built-in alias after both', async () => {
    const aliases = { 'gpt-*': 'xai.grok-4.3', 'gpt-4o-mini': 'meta.llama-3.3-70b-instruct' }
    const body = { model: 'gpt-4o-mini', messages: HELLO }
    const exact = await openTestGateway({ config: { aliases } })
    const { sent: [own] } = await postJson(exact, '/v1/chat/completions', body)
    assert.equal(modelOf(own), 'meta.llama-3.3-70b-instruct')
    const other = await openTestGateway({ config: { aliases: { 'claude-*': 'xai.grok-4.3' } } })
    const { sent: [builtIn] } = await postJson(other, '/v1/chat/completions', body)
    assert.equal(modelOf(builtIn), 'openai.gpt-4.1')
  })
})

function modelOf(sent: Record<string, unknown> | undefined): unknown {
  const mode = sent?.['servingMode']
  return typeof mode === 'object' && mode !== null && 'modelId' in mode ? mode.modelId : undefined
}
