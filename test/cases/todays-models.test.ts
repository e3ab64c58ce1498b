import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { openTestGateway, type TestGateway } from './gateway.ts'

const MESSAGES = [{ role: 'user', content: 'Hi' }]

const efforts: [model: string, wanted: string, sent: string | undefined, warning?: RegExp][] = [
  ['xai.grok-4.7', 'none', 'LOW', /^reasoning_effort: sent as low$/],
  ['xai.grok-4.7', 'high', 'HIGH'],
  ['xai.grok-4.6', 'minimal', 'LOW', /^reasoning_effort: sent as low$/],
  ['xai.grok-4.3', 'none', 'NONE'],
  ['xai.grok-4.3', 'minimal', 'LOW', /^reasoning_effort: sent as low$/],
  ['xai.grok-4.20-reasoning', 'high', undefined, /^reasoning_effort: not supported by/],
  ['google.gemini-2.5-pro', 'none', 'LOW', /^reasoning_effort: sent as low$/],
]

const OTHERS: [path: string, body: object][] = [
  ['/v1/responses', { input: 'Hi', reasoning: { effort: 'none' } }],
  ['/v1/messages', { messages: MESSAGES, max_tokens: 100, thinking: { type: 'disabled' } }],
]

describe('models of today', () => {
  let gateway: TestGateway
  before(async () => {
    gateway = await openTestGateway()
  })

  for (const [model, wanted, sent, warning] of efforts) {
    it(`R-A7 sends the effort ${sent} to ${model} for ${wanted}`, async () => {
      const exchange = await gateway.ask({ model, messages: MESSAGES, reasoning_effort: wanted })
      assert.equal(exchange.sent.length, 1)
      assert.equal(exchange.sent[0]?.['reasoningEffort'], sent)
      assert.equal(exchange.warnings.length, warning ? 1 : 0)
      if (warning) assert.match(exchange.warnings[0] ?? '', warning)
    })
  }

  for (const [path, body] of OTHERS) {
    for (const stream of [false, true]) {
      it(`R-A7 sends the nearest effort, ${path}, stream ${stream}`, async () => {
        const before = gateway.calls.length
        const response = await gateway.fetch(path, {
          method: 'POST',
          body: JSON.stringify({ model: 'xai.grok-4.7', ...body, stream }),
        })
        assert.equal(response.status, 200, await response.clone().text())
        await response.text()
        assert.equal(gateway.calls.length, before + 1)
        const warnings = response.headers.get('x-oci-gateway-warnings') ?? ''
        assert.match(warnings, /reasoning_effort: sent as low/)
      })
    }
  }

  it('sends an image to Command A Reasoning', async () => {
    const url = 'data:image/png;base64,iVBORw0KGgo='
    const content = [{ type: 'text', text: 'Look' }, { type: 'image_url', image_url: { url } }]
    const { sent } = await gateway.ask({
      model: 'cohere.command-a-reasoning-08-2025',
      messages: [{ role: 'user', content }],
    })
    assert.match(JSON.stringify(sent[0]), /iVBORw0KGgo=/)
  })

  it('serves a retired model that OCI still serves', async () => {
    const { reply, sent } = await gateway.ask({
      model: 'cohere.command-r-08-2024',
      messages: MESSAGES,
      max_tokens: 9_000,
    })
    assert.equal(sent[0]?.['maxTokens'], 4_000)
    assert.match(reply.choices[0]?.message.content ?? '', /Hi/)
  })
})
