import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { events, piece, saying, text, type Upstream } from './upstream.ts'

const HELLO = [{ role: 'user', content: 'Hi' }]

/** A request of each client API, and what its answer says about the end. */
const CLIENT_APIS: readonly (readonly [path: string, body: object, stop: RegExp, tool: RegExp])[] =
  [
    [
      '/v1/chat/completions',
      { messages: HELLO },
      /"finish_reason":"stop"/,
      /"finish_reason":"tool_calls"/,
    ],
    ['/v1/responses', { input: 'Hi' }, /"status":"completed"/, /"type":"function_call"/],
    [
      '/v1/messages',
      { messages: HELLO, max_tokens: 9 },
      /"stop_reason":"end_turn"/,
      /"stop_reason":"tool_use"/,
    ],
    ['/v1/completions', { prompt: 'Hi' }, /"finish_reason":"stop"/, /"finish_reason":"stop"/],
  ]

async function post(path: string, body: object, upstream: Upstream, config = {}): Promise<string> {
  const gateway = await openTestGateway({ upstream, config })
  const response = await gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
  assert.equal(response.status, 200)
  return await response.text()
}

describe('a COHERE stream whose last event has the finish reason null', () => {
  const usage = { promptTokens: 3, completionTokens: 4, totalTokens: 7 }
  const last = { apiFormat: 'COHERE', text: 'Hi', finishReason: null, usage }
  const history = [{ role: 'USER', message: 'Hi' }, { role: 'CHATBOT', message: 'Hi' }]
  const streams = {
    'one event': events({ ...last, chatHistory: history }),
    'several events': events(
      { apiFormat: 'COHERE', text: 'H' },
      { apiFormat: 'COHERE', text: 'i' },
      { ...last, chatHistory: history },
    ),
    'no history': events({ apiFormat: 'COHERE', text: 'Hi' }, last),
  }
  for (const [path, body, stop] of CLIENT_APIS) {
    for (const [name, upstream] of Object.entries(streams)) {
      it(`R-C4 ends with stop and keeps its usage: ${path}, ${name}`, async () => {
        const request = { model: 'cohere.command-a-03-2025', stream: true, ...body }
        const options = path.includes('completions') && { stream_options: { include_usage: true } }
        const answer = await post(path, { ...request, ...options }, upstream)
        assert.match(answer, stop)
        assert.match(answer, /"(completion|output)_tokens":4\b/)
        assert.doesNotMatch(answer, /upstream_incomplete|"error":\{/)
      })
    }
  }
})

describe('a tool call that an imported model writes as text', () => {
  const call = '{"name":"look_up","arguments":{"q":"<tool_call>"}}'
  const model = 'acme.qwen-3'
  const config = { models: { [model]: { parseToolCallsFromText: true } } }
  const tool = { name: 'look_up', parameters: { type: 'object', properties: {} } }
  const tools: Readonly<Record<string, readonly object[]>> = {
    '/v1/chat/completions': [{ type: 'function', function: tool }],
    '/v1/responses': [{ type: 'function', ...tool }],
    '/v1/messages': [{ name: tool.name, input_schema: tool.parameters }],
  }
  for (const [path, body, , called] of CLIENT_APIS.filter(([path]) => path in tools)) {
    for (const tag of ['tool_call', 'tool_calling']) {
      const written = `On it. <${tag}>\n${call}\n</${tag}>`
      it(`R-C5 is a tool call: <${tag}>, ${path}`, async () => {
        const request = { model, tools: tools[path], ...body }
        const whole = await post(path, request, saying(text(written)), config)
        const pieces = [...written].map((character) => piece(text(character)))
        const stream = events(...pieces, { finishReason: 'stop' })
        const streamed = await post(path, { ...request, stream: true }, stream, config)
        for (const answer of [whole, streamed]) {
          assert.match(answer, called)
          assert.match(answer, /"name":"look_up"/)
          assert.doesNotMatch(answer, /<\/?tool_calling/)
        }
      })
    }
  }
})
