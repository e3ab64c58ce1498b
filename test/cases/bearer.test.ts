import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEARER } from '../oci-names.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'

const CHAT = '/openai/v1/chat/completions'
const RESPONSES = '/openai/v1/responses'
const GROK = 'xai.grok-4'
const GEMINI = 'google.gemini-2.5-pro'
const GPT = 'openai.gpt-oss-120b'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const HELLO = [{ role: 'user', content: 'Hello' }]
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } }
const TOOLS = [{ type: 'function', function: { name: 'get_weather', parameters: PARAMETERS } }]
const QUESTION = [{ role: 'user', content: 'get_weather of Paris' }]

type Case = [publicPath: string, body: object, path: string]

/** The OCI path that serves each client API with an OCI bearer key; the native actions accept none. */
const cases: Case[] = [
  ['/v1/chat/completions', { model: GROK, messages: HELLO }, CHAT],
  ['/v1/chat/completions', { model: GEMINI, messages: HELLO }, CHAT],
  ['/v1/chat/completions', { model: LLAMA, messages: HELLO }, CHAT],
  ['/v1/chat/completions', { model: 'openai.gpt-5.5-pro', messages: HELLO }, RESPONSES],
  ['/v1/responses', { model: GROK, input: 'Hello' }, RESPONSES],
  ['/v1/responses', { model: GPT, input: 'Hello' }, RESPONSES],
  ['/v1/responses', { model: LLAMA, input: 'Hello' }, CHAT],
  ['/v1/messages', { model: GROK, max_tokens: 100, messages: HELLO }, RESPONSES],
  ['/v1/messages', { model: GEMINI, max_tokens: 100, messages: HELLO }, RESPONSES],
  ['/v1/messages', { model: GPT, max_tokens: 100, messages: HELLO }, RESPONSES],
  ['/v1/messages', { model: LLAMA, max_tokens: 100, messages: HELLO }, CHAT],
  ['/v1/completions', { model: GROK, prompt: 'Hello' }, RESPONSES],
]

describe('a gateway with a bearer key', () => {
  for (const [publicPath, body, path] of cases) {
    it(`A18 answers ${publicPath} ${JSON.stringify(body)} through ${path}`, async () => {
      const gateway = await openTestGateway({ env: BEARER })
      for (const stream of [false, true]) {
        const text = await post(gateway, publicPath, { ...body, stream })
        assert.match(text, /Hello/)
        const call = gateway.calls.at(-1)
        assert.equal(call?.url.pathname, path)
        assert.match(call?.headers.get('authorization') ?? '', /^Bearer /)
      }
      assert.equal(gateway.calls.length, 2)
    })
  }

  it('sends Gemini requests with tools to Responses, because the chat endpoint drops tools silently', async () => {
    const gateway = await openTestGateway({ env: BEARER })
    const { reply, calls } = await gateway.ask({ model: GEMINI, messages: QUESTION, tools: TOOLS })
    assert.equal(reply.choices[0]?.finish_reason, 'tool_calls')
    assert.equal(reply.choices[0]?.message.tool_calls?.[0]?.function.name, 'get_weather')
    assert.deepEqual(calls.map(({ url }) => url.pathname), [RESPONSES])
  })

  it('calls tools through the Messages API', async () => {
    for (const model of [GROK, GEMINI, GPT, LLAMA]) {
      const gateway = await openTestGateway({ env: BEARER })
      const tools = [{ name: 'get_weather', input_schema: PARAMETERS }]
      const body = { model, max_tokens: 1000, messages: QUESTION, tools }
      assert.equal(JSON.parse(await post(gateway, '/v1/messages', body)).stop_reason, 'tool_use')
      const events = await post(gateway, '/v1/messages', { ...body, stream: true })
      assert.match(events, /"stop_reason":"tool_use"/)
    }
  })

  it('rejects models and endpoints that a bearer key cannot reach', async () => {
    const gateway = await openTestGateway({ env: BEARER })
    const body = { model: 'cohere.command-a-03-2025', messages: HELLO }
    const { status, error } = await gateway.fail(body)
    assert.equal(status, 400)
    assert.match(error.message, /with a bearer key.*Unsupported OpenAI operation/)
  })
})

async function post(gateway: TestGateway, path: string, body: object): Promise<string> {
  const response = await gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return text
}
