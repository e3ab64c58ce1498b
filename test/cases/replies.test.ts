import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { refusing, saying, text, whole } from './upstream.ts'
import type { Message } from './wire.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const BODY = { model: MODEL, messages: [{ role: 'user', content: 'Hi' }] }
const UP_CALL = { type: 'FUNCTION', id: 'c1', name: 'f', arguments: '{"x":1}' }
const CALL = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }

type Case = [
  name: string,
  upstream: () => Response,
  message: Partial<Message>,
  finishReason: string,
]

const cases: Case[] = [
  [
    'R01 joins text parts',
    saying({ content: [{ type: 'TEXT', text: 'a' }, { type: 'TEXT', text: 'b' }] }),
    { content: 'ab' },
    'stop',
  ],
  [
    'R02 returns content null with tool calls only',
    saying({ toolCalls: [UP_CALL] }, 'tool_calls'),
    { content: null, tool_calls: [CALL] },
    'tool_calls',
  ],
  [
    'R03 returns text and tool calls',
    saying({ ...text('On it'), toolCalls: [UP_CALL] }, 'tool_calls'),
    { content: 'On it', tool_calls: [CALL] },
    'tool_calls',
  ],
  [
    'R05 returns arguments that are an object as JSON text',
    saying({ toolCalls: [{ ...UP_CALL, arguments: { x: 1 } }] }, 'tool_calls'),
    { content: null, tool_calls: [CALL] },
    'tool_calls',
  ],
  [
    'R06 returns tool_calls for a stop with tool calls',
    saying({ toolCalls: [UP_CALL] }, 'stop'),
    { content: null, tool_calls: [CALL] },
    'tool_calls',
  ],
  ['R11 returns an empty text when reasoning used all tokens', saying({}, 'length'), {
    content: '',
  }, 'length'],
  [
    'R12 returns a refusal',
    saying({ refusal: 'no' }),
    { content: null, refusal: 'no' },
    'stop',
  ],
  ['R13 returns an empty text for a filtered answer', saying({}, 'content_filter'), {
    content: '',
  }, 'content_filter'],
  [
    'R13 accepts a choice without a message',
    whole([{ index: 0, finishReason: 'content_filter' }]),
    { content: '' },
    'content_filter',
  ],
]

describe('POST /v1/chat/completions', () => {
  for (const [name, upstream, message, finishReason] of cases) {
    it(name, async () => {
      const { ask } = await openTestGateway({ upstream })
      const { reply } = await ask(BODY)
      assert.deepEqual(reply.choices, [{
        index: 0,
        message: { role: 'assistant', refusal: null, ...message },
        logprobs: null,
        finish_reason: finishReason,
      }])
    })
  }

  it('R04 adds a unique id to each call without one', async () => {
    const { id: _, ...call } = UP_CALL
    const { ask } = await openTestGateway({ upstream: saying({ toolCalls: [call, call] }) })
    const { reply } = await ask(BODY)
    const ids = reply.choices[0]?.message.tool_calls?.map(({ id }) => id) ?? []
    assert.equal(new Set(ids).size, 2)
    for (const id of ids) assert.match(id, /^call[A-Za-z0-9]{24}$/)
  })

  const usages: [name: string, usage: object, expected: object][] = [
    ['R07 returns the usage with its details', {
      promptTokens: 5,
      completionTokens: 7,
      totalTokens: 12,
      promptTokensDetails: { cachedTokens: 3 },
      completionTokensDetails: {
        reasoningTokens: 2,
        acceptedPredictionTokens: 0,
        rejectedPredictionTokens: 1,
      },
    }, {
      prompt_tokens: 5,
      completion_tokens: 7,
      total_tokens: 12,
      prompt_tokens_details: { cached_tokens: 3 },
      completion_tokens_details: {
        reasoning_tokens: 2,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 1,
      },
    }],
    [
      'R07 leaves out missing usage details',
      { promptTokens: 5, completionTokens: 7, totalTokens: 12, completionTokensDetails: null },
      { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
    ],
    [
      'R07 adds the reasoning tokens of Grok, which reports them separately, to completion_tokens',
      {
        promptTokens: 7,
        completionTokens: 21,
        totalTokens: 220,
        completionTokensDetails: { reasoningTokens: 192 },
      },
      {
        prompt_tokens: 7,
        completion_tokens: 213,
        total_tokens: 220,
        completion_tokens_details: { reasoning_tokens: 192 },
      },
    ],
    [
      'R11 counts reasoning as completion_tokens when it used all tokens',
      { promptTokens: 5, totalTokens: 12, completionTokensDetails: { reasoningTokens: 7 } },
      {
        prompt_tokens: 5,
        completion_tokens: 7,
        total_tokens: 12,
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    ],
  ]
  for (const [name, usage, expected] of usages) {
    it(name, async () => {
      const { ask } = await openTestGateway({ upstream: saying(text('a'), 'stop', { usage }) })
      const { reply } = await ask(BODY)
      assert.deepEqual(reply.usage, expected)
    })
  }

  it('R08 returns no usage when OCI reports none', async () => {
    const { ask } = await openTestGateway({ upstream: saying(text('a')) })
    const { reply } = await ask(BODY)
    assert.equal('usage' in reply, false)
  })

  it('R09 R16 returns the time in seconds and the requested model name', async () => {
    const { ask } = await openTestGateway({ upstream: saying(text('a')) })
    const { reply: { id, choices: _, ...rest } } = await ask({ ...BODY, model: `oci/${MODEL}` })
    assert.match(id, /^chatcmpl-\w+$/)
    const created = Date.UTC(2026, 7, 1) / 1000
    assert.deepEqual(rest, { object: 'chat.completion', created, model: `oci/${MODEL}` })
  })

  it('R09 returns the current time when OCI reports none', async () => {
    const { ask } = await openTestGateway({
      upstream: saying(text('a'), 'stop', { timeCreated: undefined }),
    })
    const { reply: { created } } = await ask(BODY)
    assert.ok(Number.isInteger(created) && Math.abs(created - Date.now() / 1000) < 5)
  })

  for (const choices of [[], null, undefined]) {
    it(`R10 reports an invalid answer for "choices": ${JSON.stringify(choices)}`, async () => {
      const { fail } = await openTestGateway({ upstream: whole(choices) })
      const { status, error } = await fail(BODY)
      assert.deepEqual([status, error.type, error.code], [
        502,
        'api_error',
        'upstream_invalid_response',
      ])
    })
  }

  it('R14 returns the request ids of OCI and of the gateway', async () => {
    const { ask, stream, calls } = await openTestGateway()
    for (const { headers } of [await ask(BODY), await stream(BODY)]) {
      const ours = headers.get('x-request-id') ?? ''
      assert.match(ours, /^\w{24}$/)
      assert.match(headers.get('opc-request-id') ?? '', new RegExp(`^${ours}/`))
    }
    assert.equal(calls.length, 2)
    const refused = await openTestGateway({
      upstream: refusing(400, { code: '400', message: 'no' }, { 'opc-request-id': 'X' }),
    })
    const { headers, error } = await refused.fail(BODY)
    assert.equal(headers.get('opc-request-id'), 'X')
    assert.match(error.message, /\(opc-request-id: X\)$/)
  })

  it('R15 returns two choices', async () => {
    const choice = (index: number, content: string) => ({
      index,
      message: { role: 'ASSISTANT', ...text(content) },
      finishReason: 'stop',
    })
    const { ask } = await openTestGateway({ upstream: whole([choice(0, 'a'), choice(1, 'b')]) })
    const { reply } = await ask({ ...BODY, n: 2 })
    assert.deepEqual(reply.choices.map(({ index, message }) => [index, message.content]), [
      [0, 'a'],
      [1, 'b'],
    ])
  })
})
