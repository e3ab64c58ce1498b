import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import OpenAI from 'openai'
import * as v from 'valibot'
import { fold, readEvents } from '../openai/responses/fold.ts'
import { Response as PublicResponse, Usage } from '../openai/responses/public-schema.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { type Posted, postJson } from './post-json.ts'
import { sse } from './upstream.ts'

type Wire = Record<string, unknown>

const MODELS = [
  'xai.grok-4.3',
  'meta.llama-3.3-70b-instruct',
  'openai.gpt-5',
  'google.gemini-2.5-pro',
  'cohere.command-r-plus-08-2024',
  'cohere.command-a-vision-07-2025',
]
const RELAYED = { models: { 'xai.*': { endpoint: 'openai' } } }
const [GROK = ''] = MODELS
const TOOL = { type: 'function', name: 'find', parameters: { type: 'object', properties: {} } }
const CONVERSATION = [
  { role: 'user', content: 'My name is Zoë' },
  { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
  { type: 'function_call', call_id: 'c', name: 'find', arguments: '{}' },
  { type: 'function_call_output', call_id: 'c', output: 'found it' },
  { role: 'assistant', content: 'Hello' },
]
const TRIGGER = { type: 'compaction_trigger' }

describe('/v1/responses/input_tokens', () => {
  const bodies: [name: string, body: object][] = [
    ['a text', { model: GROK, input: 'one two three' }],
    ['a request without a model', { input: 'one two three' }],
    ['a conversation with tools', { model: GROK, input: CONVERSATION, tools: [TOOL] }],
  ]
  for (const [name, body] of bodies) {
    it(`R-D3 counts the tokens of ${name} without a call to OCI`, async () => {
      const gateway = await openTestGateway()
      const { status, reply, calls } = await postJson<Wire>(
        gateway,
        '/v1/responses/input_tokens',
        body,
      )
      assert.equal(status, 200, JSON.stringify(reply))
      assert.deepEqual(Object.keys(reply), ['object', 'input_tokens'])
      assert.equal(reply['object'], 'response.input_tokens')
      assert.ok(Number(reply['input_tokens']) >= 3)
      assert.deepEqual(calls, [])
    })
  }

  it('R-D3 counts the conversation that a request continues', async () => {
    const gateway = await openTestGateway()
    const first = await create(gateway, { input: 'word '.repeat(1000) })
    const body = { model: GROK, previous_response_id: first.reply['id'] }
    const { reply } = await postJson<Wire>(gateway, '/v1/responses/input_tokens', body)
    assert.ok(Number(reply['input_tokens']) > 900, JSON.stringify(reply))
  })
})

describe('compaction', () => {
  for (const model of MODELS) {
    it(`R-D3 /v1/responses/compact answers with user messages and a summary: ${model}`, async () => {
      const gateway = await openTestGateway()
      const { status, reply, sent } = await postJson<Wire>(gateway, '/v1/responses/compact', {
        model,
        input: CONVERSATION,
      })
      assert.equal(status, 200, JSON.stringify(reply))
      const asked = JSON.stringify(sent.at(-1))
      for (const text of ['found it', 'Summarize the conversation']) assert.ok(asked.includes(text))
      assert.equal(reply['object'], 'response.compaction')
      v.parse(Usage, reply['usage'])
      const [message, compaction, ...others] = reply['output'] as Wire[]
      assert.deepEqual([message?.['type'], message?.['role']], ['message', 'user'])
      assert.deepEqual(message?.['content'], [{ type: 'input_text', text: 'My name is Zoë' }])
      assert.equal(compaction?.['type'], 'compaction')
      assert.deepEqual(others, [])
      await readsBack(model, [message, compaction])
    })

    it(`R-D3 a trailing compaction_trigger is answered with a summary: ${model}`, async () => {
      const input = [...CONVERSATION, TRIGGER]
      const { status, reply } = await create(await openTestGateway(), { model, input })
      assert.equal(status, 200, JSON.stringify(reply))
      const { output, status: state } = v.parse(PublicResponse, reply)
      assert.equal(state, 'completed')
      assert.deepEqual(output.map(({ type }) => type), ['compaction'])
      await readsBack(model, output)

      const streamed = await fetchStream(await openTestGateway(), { model, input })
      const { done, response } = fold(readEvents(streamed))
      assert.deepEqual(done, response.output)
      assert.deepEqual(done.map(({ type }) => type), ['compaction'])
      await readsBack(model, done)
    })
  }

  it('R-D3 a model that OCI relays is also compacted', async () => {
    const gateway = await openTestGateway({ config: RELAYED })
    for (const path of ['/v1/responses/compact', '/v1/responses']) {
      const input = [...CONVERSATION, ...path.endsWith('compact') ? [] : [TRIGGER]]
      const { status, reply } = await postJson<Wire>(gateway, path, { model: GROK, input })
      assert.equal(status, 200, JSON.stringify(reply))
      const next = await create(gateway, {
        input: [...reply['output'] as Wire[], { role: 'user', content: 'Go on' }],
      })
      assert.equal(next.status, 200, JSON.stringify(next.reply))
      assert.match(JSON.stringify(next.sent.at(-1)), /Summary of the earlier conversation/)
    }
  })

  it('R-D3 a stored compaction is continued from the summary', async () => {
    const gateway = await openTestGateway()
    const { reply } = await create(gateway, { input: [...CONVERSATION, TRIGGER] })
    const next = await create(gateway, { input: 'Go on', previous_response_id: reply['id'] })
    const text = JSON.stringify(next.sent.at(-1))
    assert.match(text, /My name is Zoë.*Summary of the earlier conversation/)
    assert.doesNotMatch(text, /"TOOL"/)
  })

  it('R-D3 an answer without text is an error, not an empty summary', async () => {
    const empty = { message: { role: 'ASSISTANT', content: [] }, finishReason: 'stop' }
    const upstream = sse(`data: ${JSON.stringify(empty)}\n\ndata: [DONE]\n\n`)
    const text = await fetchStream(await openTestGateway({ upstream }), {
      input: [...CONVERSATION, TRIGGER],
    })
    assert.match(text, /"type":"response.failed".*The model returned no summary/)
  })

  it('R-D3 a damaged summary is left out with a warning', async () => {
    const { status, headers } = await create(await openTestGateway(), {
      input: [{ type: 'compaction', encrypted_content: 'gw1.%%%' }, ...CONVERSATION],
    })
    assert.equal(status, 200)
    assert.match(headers.get('x-oci-gateway-warnings') ?? '', /^input\[0\]: a compaction item/)
  })

  for (const path of ['/v1/responses/compact', '/v1/responses/input_tokens']) {
    for (const method of ['GET', 'DELETE']) {
      it(`R-D3 ${method} ${path} is not a stored response`, async () => {
        const response = await (await openTestGateway()).fetch(path, { method })
        assert.equal(response.status, 405)
        assert.equal(response.headers.get('allow'), 'POST')
      })
    }
  }

  it('R-D3 the openai package compacts and counts', async () => {
    const gateway = await openTestGateway()
    const client = new OpenAI({
      baseURL: 'http://127.0.0.1:8050/v1',
      apiKey: 'none',
      maxRetries: 0,
      fetch: (url, init) => gateway.fetch(new URL(String(url)).pathname, init),
    })
    const { output } = await client.responses.compact({ model: GROK, input: 'Hello' })
    assert.deepEqual(output.map(({ type }) => type), ['message', 'compaction'])
    const { input_tokens: tokens } = await client.responses.inputTokens.count({ input: 'Hello' })
    assert.ok(tokens > 0)
  })
})

/** Checks that a compacted conversation can be continued and that the model gets the summary. */
async function readsBack(model: string, items: readonly unknown[]): Promise<void> {
  const gateway = await openTestGateway()
  const { status, reply, sent, headers } = await create(gateway, {
    model,
    input: [...items, { role: 'user', content: 'Go on' }],
  })
  assert.equal(status, 200, JSON.stringify(reply))
  assert.match(JSON.stringify(sent.at(-1)), /Summary of the earlier conversation:\\n\S/)
  assert.doesNotMatch(headers.get('x-oci-gateway-warnings') ?? '', /compaction/)
}

function create(gateway: TestGateway, body: object): Promise<Posted<Wire>> {
  return postJson<Wire>(gateway, '/v1/responses', { model: GROK, ...body })
}

async function fetchStream(gateway: TestGateway, body: object): Promise<string> {
  const response = await gateway.fetch('/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ model: GROK, stream: true, ...body }),
  })
  assert.equal(response.status, 200)
  return await response.text()
}
