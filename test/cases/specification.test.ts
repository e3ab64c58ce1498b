import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway, type TestGatewayOptions } from './gateway.ts'
import { dataOf, sse } from './upstream.ts'

const LLAMA = 'meta.llama-3.3-70b-instruct'
const GROK = 'xai.grok-4'
const RELAYED = { models: { 'xai.*': { endpoint: 'openai' } } }
const PART = { type: 'output_text', text: 'Hi', annotations: null }
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [PART],
}
const COMPLETE_PART = { type: 'output_text', text: 'Hi', annotations: [], logprobs: [] }
const COMPLETE_MESSAGE = { ...MESSAGE, content: [COMPLETE_PART] }
const AT = { item_id: 'msg_1', output_index: 0, content_index: 0 }
const CREATED = { type: 'response.created', response: { id: 'resp_1', object: 'response' } }
const TOOLS = [
  { type: 'function', name: 'one' },
  { type: 'function', name: 'two', parameters: { type: 'object' }, strict: true, description: 'x' },
  { type: 'custom', name: 'three', description: null },
  { type: 'namespace', name: 'four', tools: [{ type: 'function', name: 'five' }] },
  { type: 'web_search' },
]
const COMPLETE_TOOLS = [
  { type: 'function', name: 'one', description: null, parameters: null, strict: false },
  TOOLS[1],
  { type: 'custom', name: 'three' },
  {
    type: 'namespace',
    name: 'four',
    description: '',
    tools: [{ type: 'function', name: 'five', description: null, parameters: null, strict: false }],
  },
  { type: 'web_search' },
]

describe('answers have the members that the specification requires:', () => {
  for (const stream of [false, true]) {
    it(`R-E5 echoed tools, stream ${stream}`, async () => {
      const body = { model: LLAMA, input: 'Hi', tools: TOOLS, stream }
      const answers = await post('/v1/responses', body, {})
      const responses = stream ? answers.flatMap(({ response }) => response ?? []) : answers
      assert.equal(responses.length, stream ? 3 : 1)
      for (const { tools } of responses as { tools?: unknown }[]) {
        assert.deepEqual(tools, COMPLETE_TOOLS)
      }
    })
  }

  it('R-E5 a relayed response', async () => {
    const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5, input_tokens_details: null }
    const [answer] = await post('/v1/responses', { model: GROK, input: 'Hi' }, {
      config: RELAYED,
      upstream: () =>
        Response.json({ id: 'resp_1', object: 'response', output: [MESSAGE], tools: TOOLS, usage }),
    })
    assert.deepEqual(answer?.['output'], [COMPLETE_MESSAGE])
    assert.deepEqual(answer?.['tools'], COMPLETE_TOOLS)
    assert.deepEqual(answer?.['usage'], {
      ...usage,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 },
    })
    assert.equal(answer?.['tool_choice'], 'auto')
    assert.equal(answer?.['error'], null)
  })

  const events: [name: string, sent: object, received: object][] = [
    ['a delta', { type: 'response.output_text.delta', ...AT, delta: 'Hi' }, { logprobs: [] }],
    ['a finished text', { type: 'response.output_text.done', ...AT, text: 'Hi' }, { logprobs: [] }],
    ['a part', { type: 'response.content_part.added', ...AT, part: PART }, { part: COMPLETE_PART }],
    ['a finished part', { type: 'response.content_part.done', ...AT, part: PART }, {
      part: COMPLETE_PART,
    }],
    ['an item', { type: 'response.output_item.done', output_index: 0, item: MESSAGE }, {
      item: COMPLETE_MESSAGE,
    }],
    ['an error', { type: 'error', message: 'no' }, { code: null, param: null }],
    [
      'a complete event',
      { type: 'response.output_text.delta', ...AT, logprobs: [], delta: '' },
      {},
    ],
  ]
  for (const [name, event, added] of events) {
    it(`R-E5 ${name} in a relayed stream`, async () => {
      const answers = await relay(dataOf(CREATED) + dataOf(event))
      assert.deepEqual(answers[1], { ...event, ...added, sequence_number: 1 })
    })
  }

  it('R-E5 the error event of an interrupted stream, which continues the numbers', async () => {
    const answers = await relay(dataOf({ ...CREATED, sequence_number: 7 }))
    assert.equal(answers.length, 2)
    assert.equal(answers[1]?.['type'], 'error')
    assert.equal(answers[1]?.['sequence_number'], 8)
    assert.equal(answers[1]?.['code'], 'upstream_incomplete')
  })

  const failures: [name: string, sent: string, code: string][] = [
    ["OCI's form", 'data: {"code":"500","message":"no"}\n\n', '500'],
    ["OCI's form and a name", 'event: error\ndata: {"code":"500","message":"no"}\n\n', '500'],
    ["the form of OpenAI's answers", 'data: {"error":{"message":"no","code":"oops"}}\n\n', 'oops'],
  ]
  for (const [name, failure, code] of failures) {
    it(`R-E5 an error in ${name} in a relayed stream of Responses`, async () => {
      const answers = await relay(dataOf(CREATED) + failure)
      const event = { type: 'error', code, message: 'no', param: null, sequence_number: 1 }
      assert.deepEqual(answers.slice(1), [event])
    })

    it(`R-E5 an error in ${name} in a relayed stream of chunks`, async () => {
      const chunk = dataOf({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: null }] })
      const answers = await relay(chunk + failure, '/v1/chat/completions')
      const error = { code, message: 'no', param: null, type: 'api_error' }
      assert.deepEqual(answers.slice(1), [{ error }])
    })
  }

  for (const path of ['/v1/responses', '/v1/chat/completions']) {
    it(`R-E5 a relayed stream of ${path} without data of other kinds`, async () => {
      const other = 'data: {"heartbeat":true}\n\ndata: {"cut\n\n: comment\n\n'
      const end = path === '/v1/responses'
        ? dataOf({ type: 'response.completed', sequence_number: 0, response: { id: 'resp_1' } })
        : dataOf({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
      const answers = await relay(other + end, path)
      assert.equal(answers.length, 1)
    })
  }

  it('R-E5 relayed tool calls without an id', async () => {
    const call = { index: 0, id: null, type: 'function', function: { name: 'get', arguments: '' } }
    const more = { index: 0, id: null, function: { arguments: '{}' } }
    const chunks = [call, more].map((call) =>
      dataOf({ id: 'c', choices: [{ index: 0, delta: { tool_calls: [call] } }] })
    )
    const end = dataOf({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] })
    const answers = await relay(chunks.join('') + end, '/v1/chat/completions')
    const calls = answers.map((chunk) => callsOf(chunk)).flat() as { id?: unknown }[]
    assert.match(String(calls[0]?.id), /^call_\w{24}$/)
    assert.deepEqual(calls[1], { index: 0, function: { arguments: '{}' } })
  })

  it('R-E5 the items of a stored response', async () => {
    const gateway = await openTestGateway({ config: { responses: { store: {} } } })
    const input = [
      { role: 'user', content: 'Weather?' },
      { type: 'function_call', call_id: 'c', name: 'get', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'Rain' },
      { role: 'assistant', content: 'Rain' },
      { role: 'user', content: [{ type: 'input_text', text: 'Thanks' }] },
    ]
    const body = JSON.stringify({ model: LLAMA, input })
    const { id } = await (await gateway.fetch('/v1/responses', { method: 'POST', body })).json()
    const listed = await gateway.fetch(`/v1/responses/${id}/input_items?order=asc`)
    const { data } = await listed.json()
    assert.deepEqual(data.map(({ id: _, ...item }: { id: string }) => item), [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
      { ...input[1], status: 'completed' },
      { ...input[2], status: 'completed' },
      {
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ ...COMPLETE_PART, text: 'Rain' }],
      },
      { type: 'message', ...input[4] },
    ])
  })
})

/** Streams OCI's events through the gateway and returns the events that the client receives. */
function relay(events: string, path = '/v1/responses'): Promise<Answer[]> {
  const input = path === '/v1/responses'
    ? { input: 'Hi' }
    : { messages: [{ role: 'user', content: 'Hi' }] }
  const body = { model: GROK, ...input, stream: true }
  return post(path, body, { config: RELAYED, upstream: sse(events) })
}

type Answer = Record<string, unknown>

/** Returns the answer, or each event of a stream. */
async function post(path: string, body: object, options: TestGatewayOptions): Promise<Answer[]> {
  const gateway = await openTestGateway(options)
  const response = await gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return [JSON.parse(text)]
  }
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json = '']) => JSON.parse(json))
}

function callsOf(chunk: Answer): unknown[] {
  const [choice] = chunk['choices'] as { delta: { tool_calls?: unknown[] } }[]
  return choice?.delta.tool_calls ?? []
}
