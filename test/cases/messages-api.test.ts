import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { messagesClient } from './messages-api.ts'
import { events, finish, piece, saying, text } from './upstream.ts'

const GPT = 'openai.gpt-4.1'
const GPT_5 = 'openai.gpt-5'
const GPT_OSS = 'openai.gpt-oss-120b'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const TOOL = { name: 'f', description: 'd', input_schema: { type: 'object', properties: {} } }
const CACHE = { cache_control: { type: 'ephemeral' } }
const PNG = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }

const gateway = await openTestGateway()
const { ask, stream, fail } = messagesClient(gateway)

const simulatorText = (model: string, text: string) =>
  `This is the simulator speaking as ${model}. You said: ${text}`

type Row = [name: string, request: object, sent: object]

const definitions: Row[] = [
  ['N11 sends system text blocks', {
    system: [{ type: 'text', text: 's', ...CACHE }],
  }, { messages: [up('SYSTEM', 's'), up('USER', 'Hi')] }],
  ['N11 sends a system message within the conversation', {
    system: 's',
    messages: [{ role: 'user', content: 'Hi' }, { role: 'system', content: 'now' }],
  }, { messages: [up('SYSTEM', 's'), up('USER', 'Hi'), up('SYSTEM', 'now')] }],
  ['N14 sends tool_choice any', { tools: [TOOL], tool_choice: { type: 'any' } }, {
    toolChoice: { type: 'REQUIRED' },
  }],
  ['N14 sends tool_choice tool', {
    tools: [TOOL],
    tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
  }, { toolChoice: { type: 'FUNCTION', name: 'f' }, isParallelToolCalls: false }],
  ['N14 sends tool_choice none', { tools: [TOOL], tool_choice: { type: 'none' } }, {
    toolChoice: { type: 'NONE' },
  }],
  ['N19 sends stop sequences and sampling parameters', {
    stop_sequences: ['a', 'b'],
    temperature: 0.5,
    top_p: 0.9,
    max_tokens: 77,
  }, { stop: ['a', 'b'], temperature: 0.5, topP: 0.9, maxCompletionTokens: 77 }],
]

describe('POST /v1/messages', () => {
  for (const [name, request, expected] of definitions) {
    it(name, async () => {
      const { sent, warnings } = await ask({ model: GPT, messages: MESSAGES, ...request })
      const [{ ...chat } = {}] = sent
      const members = Object.keys(expected).map((key) => [key, chat[key]])
      assert.deepEqual(Object.fromEntries(members), expected)
      assert.deepEqual(warnings, [])
    })
  }

  it('N12 sends tool calls and their results', async () => {
    const { sent } = await ask({ model: GPT, messages: conversation() })
    assert.deepEqual(sent[0]?.['messages'], [
      up('USER', 'Look'),
      {
        role: 'ASSISTANT',
        content: [{ type: 'TEXT', text: 'I look' }],
        toolCalls: [upCall('a', '{"path":"x"}'), upCall('b', '{}'), upCall('c', '{}')],
      },
      { role: 'TOOL', toolCallId: 'a', content: [{ type: 'TEXT', text: 'one' }] },
      { role: 'TOOL', toolCallId: 'b', content: [{ type: 'TEXT', text: 'Error: no such file' }] },
      { role: 'TOOL', toolCallId: 'c', content: [{ type: 'TEXT', text: 'two' }] },
      {
        role: 'USER',
        content: [{
          type: 'IMAGE',
          imageUrl: { url: 'data:image/png;base64,iVBORw0KGgo=' },
        }],
      },
      up('USER', 'Well?'),
    ])
  })

  it("N12 warns about a result without a call with the position in the client's request", async () => {
    const { warnings } = await ask({
      model: GPT,
      system: 's',
      messages: [
        { role: 'user', content: [resultOf('a', 'one'), resultOf('b', 'two')] },
      ],
    })
    assert.deepEqual(warnings, [
      'messages[0].content[0]: tool result without a call, sent as user text',
      'messages[0].content[1]: tool result without a call, sent as user text',
    ])
  })

  it('N13 streams a text and then a call as separate blocks', async () => {
    const gateway = await openTestGateway({
      upstream: events(
        piece(text('I look')),
        piece({ toolCalls: [{ id: 'a', type: 'FUNCTION', name: 'f', arguments: '{"p":' }] }),
        piece({ toolCalls: [{ type: 'FUNCTION', arguments: '1}' }] }),
        finish('tool_calls', { usage: { promptTokens: 5, completionTokens: 7, totalTokens: 12 } }),
      ),
    })
    const { stream } = messagesClient(gateway)
    const { events: received, message } = await stream({
      model: GPT,
      messages: MESSAGES,
      tools: [TOOL],
    })
    assert.deepEqual(
      received.map((event) => 'index' in event ? `${event.type} ${event.index}` : event.type),
      [
        'message_start',
        'content_block_start 0',
        'content_block_delta 0',
        'content_block_stop 0',
        'content_block_start 1',
        'content_block_delta 1',
        'content_block_delta 1',
        'content_block_stop 1',
        'message_delta',
        'message_stop',
      ],
    )
    assert.deepEqual(message.content, [
      { type: 'text', text: 'I look', citations: null },
      { type: 'tool_use', id: 'a', name: 'f', input: { p: 1 }, caller: { type: 'direct' } },
    ])
    assert.equal(message.stop_reason, 'tool_use')
    assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [5, 7])
  })

  it('N13 streams parallel calls as consecutive blocks', async () => {
    const body = {
      model: GPT,
      messages: [{ role: 'user', content: 'Use get_time and get_place' }],
      tools: [{ ...TOOL, name: 'get_time' }, { ...TOOL, name: 'get_place' }],
    }
    const whole = await ask(body)
    const streamed = await stream(body)
    assert.deepEqual(streamed.message.content.map(withoutId), whole.message.content.map(withoutId))
    assert.deepEqual(whole.message.content.map((block) => 'name' in block ? block.name : ''), [
      'get_time',
      'get_place',
    ])
    assert.equal(streamed.message.stop_reason, 'tool_use')
  })

  it('returns arguments that are not JSON in an object', async () => {
    const broken = [{ id: 'a', type: 'FUNCTION', name: 'f', arguments: '{"a": Par' }]
    const gateway = await openTestGateway({ upstream: saying({ toolCalls: broken }, 'tool_calls') })
    const { message } = await messagesClient(gateway).ask({ model: GPT, messages: MESSAGES })
    assert.deepEqual(message.content, [{
      ...{ type: 'tool_use', id: 'a', name: 'f', caller: { type: 'direct' } },
      input: { INVALID_JSON: '{"a": Par' },
    }])
  })

  it('N16 rejects a model without an alias, streamed or not', async () => {
    for (const request of [{}, { stream: true }]) {
      const { status, body } = await fail({
        ...{ model: 'claude-sonnet-4-5', max_tokens: 9, messages: MESSAGES },
        ...request,
      })
      assert.deepEqual([status, body.error.type], [404, 'not_found_error'])
      assert.match(body.error.message, /claude-sonnet-4-5/)
    }
  })

  it('N16 resolves MODEL_MAP by exact name first, then by the longest pattern', async () => {
    const map = { 'claude-*': LLAMA, 'claude-opus-*': GPT, 'claude-opus-4-1': GPT_5 }
    const gateway = await openTestGateway({ env: { MODEL_MAP: JSON.stringify(map) } })
    const { ask } = messagesClient(gateway)
    for (
      const [model, served] of [
        ['claude-sonnet-4-5', LLAMA],
        ['claude-opus-4-5', GPT],
        ['claude-opus-4-1', GPT_5],
      ] as const
    ) {
      const { message } = await ask({ model, messages: MESSAGES })
      assert.equal(message.model, model)
      assert.match(textOf(message), new RegExp(`speaking as ${served}\\.`))
    }
  })

  it('N17 sends the thinking budget as effort and returns thinking blocks', async () => {
    const body = {
      model: GPT_OSS,
      messages: [{ role: 'user', content: '[[sim:reasoning]] Hi' }],
      thinking: { type: 'enabled', budget_tokens: 2_000 },
    }
    for (const { message, sent } of [await ask(body), await stream(body)]) {
      assert.equal(sent[0]?.['reasoningEffort'], 'LOW')
      assert.deepEqual(message.content.map(({ type }) => type), ['thinking', 'text'])
      assert.ok((message.usage.output_tokens_details?.thinking_tokens ?? 0) > 0)
    }
    const { message } = await ask({ ...body, thinking: undefined })
    assert.deepEqual(message.content.map(({ type }) => type), ['text'])
  })

  const ends: [directive: string, rest: object, stop: string, details: string | undefined][] = [
    ['', {}, 'end_turn', undefined],
    // OCI reports only that the model stopped, so the matched sequence is unknown.
    ['', { stop_sequences: ['speaking'] }, 'end_turn', undefined],
    ['', { max_tokens: 3 }, 'max_tokens', undefined],
    ['[[sim:content-filter]]', {}, 'refusal', 'refusal'],
  ]
  for (const [directive, rest, stop, details] of ends) {
    it(`N19 returns stop_reason ${stop}: ${directive || JSON.stringify(rest)}`, async () => {
      const messages = [{ role: 'user', content: `${directive} Hi` }]
      const body = { model: LLAMA, messages, ...rest }
      for (const { message } of [await ask(body), await stream(body)]) {
        assert.equal(message.stop_reason, stop)
        assert.equal(message.stop_sequence, null)
        assert.equal(message.stop_details?.type, details)
      }
    })
  }

  it('returns the same message streamed or not, with or without /v1, and with ?beta=true', async () => {
    const body = { model: LLAMA, max_tokens: 500, messages: MESSAGES }
    const whole = await ask(body)
    const streamed = await stream(body)
    assert.match(whole.message.id, /^msg_\w{24}$/)
    assert.deepEqual({ ...streamed.message, id: '' }, { ...whole.message, id: '' })
    assert.equal(textOf(whole.message), simulatorText(LLAMA, 'Hi'))
    assert.ok(whole.message.usage.input_tokens > 0)
    for (const path of ['/messages', '/v1/messages?beta=true', '/v1/messages/']) {
      const response = await gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
      assert.deepEqual(
        { ...await response.json(), id: '' },
        { ...whole.message, id: '' },
      )
    }
  })

  it('R14 sends the request id in both header names', async () => {
    const { headers } = await ask({ model: LLAMA, messages: MESSAGES })
    assert.ok(headers.get('request-id'))
    assert.equal(headers.get('request-id'), headers.get('x-request-id'))
    assert.ok(headers.get('opc-request-id'))
  })

  it('M08 rejects an image URL and names its position', async () => {
    const source = { type: 'url', url: 'https://example.com/a.png' }
    const { status, body } = await fail({
      model: GPT,
      max_tokens: 9,
      messages: [{ role: 'user', content: [{ type: 'image', source }] }],
    })
    assert.deepEqual([status, body.error.type], [400, 'invalid_request_error'])
    assert.match(body.error.message, /messages\[0\]\.content\[0\].*data URL/)
  })
})

describe('POST /v1/messages/count_tokens', () => {
  it('N15 returns an estimate of the input tokens', async () => {
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(100)
    for (const path of ['/v1/messages/count_tokens?beta=true', '/messages/count_tokens']) {
      const response = await gateway.fetch(path, {
        method: 'POST',
        body: JSON.stringify({
          model: 'claude-sonnet-4-5',
          messages: [{ role: 'user', content: text }],
        }),
      })
      const { input_tokens: count } = await response.json()
      assert.equal(response.status, 200)
      // Each sentence has 10 tokens in GPT's encoding.
      assert.ok(Math.abs(count / 1_000 - 1) < 0.15, `${count}`)
    }
  })
})

function up(role: string, text: string): object {
  return { role, content: [{ type: 'TEXT', text: text }] }
}

function upCall(id: string, json: string): object {
  return { id, type: 'FUNCTION', name: 'f', arguments: json }
}

function resultOf(id: string, content: unknown, rest: object = {}): object {
  return { type: 'tool_result', tool_use_id: id, content, ...rest }
}

function conversation(): object[] {
  return [
    { role: 'user', content: 'Look' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I look' },
        { type: 'tool_use', id: 'a', name: 'f', input: { path: 'x' } },
        { type: 'tool_use', id: 'b', name: 'f', input: {} },
        { type: 'tool_use', id: 'c', name: 'f', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Well?' },
        resultOf('a', 'one'),
        resultOf('b', [{ type: 'text', text: 'no such file' }], { is_error: true }),
        resultOf('c', [{ type: 'text', text: 'two' }, { type: 'image', source: PNG }]),
      ],
    },
  ]
}

function withoutId(block: { type: string }): object {
  return { ...block, id: undefined }
}

function textOf({ content }: { content: readonly { type: string; text?: string }[] }): string {
  return content.map((block) => block.text ?? '').join('')
}
