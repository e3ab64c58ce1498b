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
    'R01 joins texts',
    saying({ content: [{ type: 'TEXT', text: 'a' }, { type: 'TEXT', text: 'b' }] }),
    { content: 'ab' },
    'stop',
  ],
  [
    'R02 gives no content beside calls alone',
    saying({ toolCalls: [UP_CALL] }, 'tool_calls'),
    { content: null, tool_calls: [CALL] },
    'tool_calls',
  ],
  [
    'R03 gives text and calls',
    saying({ ...text('On it'), toolCalls: [UP_CALL] }, 'tool_calls'),
    { content: 'On it', tool_calls: [CALL] },
    'tool_calls',
  ],
  [
    'R05 gives arguments that are an object as JSON',
    saying({ toolCalls: [{ ...UP_CALL, arguments: { x: 1 } }] }, 'tool_calls'),
    { content: null, tool_calls: [CALL] },
    'tool_calls',
  ],
  [
    'R06 calls a stop with calls what it is',
    saying({ toolCalls: [UP_CALL] }, 'stop'),
    { content: null, tool_calls: [CALL] },
    'tool_calls',
  ],
  ['R11 gives an empty text when all went into thoughts', saying({}, 'length'), {
    content: '',
  }, 'length'],
  [
    'R12 gives a refusal',
    saying({ refusal: 'no' }),
    { content: null, refusal: 'no' },
    'stop',
  ],
  ['R13 gives an empty text for a filtered one', saying({}, 'content_filter'), {
    content: '',
  }, 'content_filter'],
  [
    'R13 does without a message',
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

  it('R04 gives each call without an id one of its own', async () => {
    const { id: _, ...call } = UP_CALL
    const { ask } = await openTestGateway({ upstream: saying({ toolCalls: [call, call] }) })
    const { reply } = await ask(BODY)
    const ids = reply.choices[0]?.message.tool_calls?.map(({ id }) => id) ?? []
    assert.equal(new Set(ids).size, 2)
    for (const id of ids) assert.match(id, /^call[A-Za-z0-9]{24}$/)
  })

  const usages: [name: string, usage: object, given: object][] = [
    ['R07 gives the usage with its details', {
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
      'R07 leaves out details that are not there',
      { promptTokens: 5, completionTokens: 7, totalTokens: 12, completionTokensDetails: null },
      { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
    ],
    [
      'R07 counts the thoughts of Grok as completion, which Grok counts apart',
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
      'R11 counts thoughts as completion where all went into them',
      { promptTokens: 5, totalTokens: 12, completionTokensDetails: { reasoningTokens: 7 } },
      {
        prompt_tokens: 5,
        completion_tokens: 7,
        total_tokens: 12,
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    ],
  ]
  for (const [name, usage, given] of usages) {
    it(name, async () => {
      const { ask } = await openTestGateway({ upstream: saying(text('a'), 'stop', { usage }) })
      const { reply } = await ask(BODY)
      assert.deepEqual(reply.usage, given)
    })
  }

  it('R08 gives no usage where none is', async () => {
    const { ask } = await openTestGateway({ upstream: saying(text('a')) })
    const { reply } = await ask(BODY)
    assert.equal('usage' in reply, false)
  })

  it('R09 R16 gives the time in seconds, and the model as it was asked for', async () => {
    const { ask } = await openTestGateway({ upstream: saying(text('a')) })
    const { reply: { id, choices: _, ...rest } } = await ask({ ...BODY, model: `oci/${MODEL}` })
    assert.match(id, /^chatcmpl-\w+$/)
    const created = Date.UTC(2026, 7, 1) / 1000
    assert.deepEqual(rest, { object: 'chat.completion', created, model: `oci/${MODEL}` })
  })

  it('R09 gives the time of now where OCI tells none', async () => {
    const { ask } = await openTestGateway({
      upstream: saying(text('a'), 'stop', { timeCreated: undefined }),
    })
    const { reply: { created } } = await ask(BODY)
    assert.ok(Number.isInteger(created) && Math.abs(created - Date.now() / 1000) < 5)
  })

  for (const choices of [[], null, undefined]) {
    it(`R10 has no answer in choices of ${JSON.stringify(choices)}`, async () => {
      const { fail } = await openTestGateway({ upstream: whole(choices) })
      const { status, error } = await fail(BODY)
      assert.deepEqual([status, error.type, error.code], [
        502,
        'api_error',
        'upstream_invalid_response',
      ])
    })
  }

  it('R14 names the answer of OCI and its own', async () => {
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

  it('R15 gives two answers', async () => {
    const choice = (index: number, words: string) => ({
      index,
      message: { role: 'ASSISTANT', ...text(words) },
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
