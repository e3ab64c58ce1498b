import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { inTurn, refusing, saying, text, whole } from './upstream.ts'

type Case = [
  name: string,
  model: string,
  request: object,
  /** What OCI receives in addition to the messages and the format. */
  sent: object,
  ...warnings: string[],
]

const GPT = 'openai.gpt-4.1'
const GPT_5 = 'openai.gpt-5'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const GROK = 'xai.grok-3'
const GEMINI = 'google.gemini-2.5-flash'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const TOOL = { type: 'function', function: { name: 'f', description: 'd' } }
const UP_TOOL = {
  type: 'FUNCTION',
  name: 'f',
  description: 'd',
  parameters: { type: 'object', properties: {} },
}

/** The output limits that are sent when the client sets none. */
const LIMIT = new Map<string, object>([
  [GPT, { maxCompletionTokens: 32_768 }],
  [GPT_5, { maxCompletionTokens: 128_000 }],
  ['openai.gpt-4o', { maxCompletionTokens: 16_384 }],
  ['openai.o3', { maxCompletionTokens: 100_000 }],
  ['openai.gpt-oss-120b', { maxTokens: 16_000 }],
  [LLAMA, { maxTokens: 4_000 }],
  [GROK, { maxTokens: 16_000 }],
  ['xai.grok-3-mini', { maxTokens: 16_000 }],
  ['xai.grok-4.20-reasoning', { maxTokens: 131_000 }],
  [GEMINI, { maxTokens: 65_536 }],
])

const gateway = await openTestGateway()

const limits: Case[] = [
  ['P01 sends max_tokens as maxCompletionTokens to gpt-5', GPT_5, { max_tokens: 1000 }, {
    maxCompletionTokens: 1000,
  }],
  ['P02 sends max_completion_tokens as maxTokens to Llama', LLAMA, {
    max_completion_tokens: 1000,
  }, { maxTokens: 1000 }],
  [
    'P03 prefers max_completion_tokens for Llama',
    LLAMA,
    { max_tokens: 500, max_completion_tokens: 900 },
    { maxTokens: 900 },
  ],
  [
    'P03 prefers max_completion_tokens for gpt-5',
    GPT_5,
    { max_tokens: 500, max_completion_tokens: 900 },
    { maxCompletionTokens: 900 },
  ],
  ...[...LIMIT].map(([model, limit]): Case => [
    `P04 sends the output limit of ${model} when the client sets none`,
    model,
    {},
    limit,
  ]),
  [
    'P05 lowers a limit above the maximum and warns',
    LLAMA,
    { max_tokens: 100_000 },
    { maxTokens: 4000 },
    `max_tokens: 100000 lowered to 4000, the maximum of ${LLAMA}`,
  ],
]

const sampling: Case[] = [
  [
    'P13 leaves out a temperature that the model does not accept and warns',
    GPT_5,
    { temperature: 0.7, top_p: 0.5 },
    {},
    `temperature: not supported by ${GPT_5}, left out`,
    `top_p: not supported by ${GPT_5}, left out`,
  ],
  ['P14 sends a temperature of zero', LLAMA, { temperature: 0 }, { temperature: 0 }],
  ['P19 sends one stop sequence as a list', GPT, { stop: 'END' }, { stop: ['END'] }],
  ['P19 sends no stop sequence for null', GPT, { stop: null }, {}],
  [
    'P30 sends seed, logit_bias, penalties and top_k',
    GPT,
    { seed: 7, logit_bias: { '6395': 2 }, frequency_penalty: 0.1, top_k: 20 },
    { seed: 7, logitBias: { '6395': 2 }, frequencyPenalty: 0.1, topK: 20 },
  ],
  ['P20 sends top_logprobs', GROK, { logprobs: true, top_logprobs: 3 }, { logProbs: 3 }],
  ['P21 raises top_logprobs to 1', GROK, { logprobs: true }, { logProbs: 1 }],
  ['P20 sends no top_logprobs without logprobs', GROK, { logprobs: false }, {}],
]

const efforts: Case[] = [
  ...['minimal', 'low', 'medium', 'high', 'none'].map((effort): Case => [
    `P15 sends the effort ${effort}`,
    GPT_5,
    { reasoning_effort: effort },
    { reasoningEffort: effort.toUpperCase() },
  ]),
  [
    'P15 sends xhigh as HIGH and warns',
    'xai.grok-3-mini',
    { reasoning_effort: 'xhigh' },
    { reasoningEffort: 'HIGH' },
    'reasoning_effort: sent as high',
  ],
  ...[LLAMA, GROK, GPT].map((model): Case => [
    `P15 sends no effort to ${model} and warns`,
    model,
    { reasoning_effort: 'high' },
    {},
    `reasoning_effort: not supported by ${model}, left out`,
  ]),
  ['P26 sends verbosity to openai.*', GPT_5, { verbosity: 'low' }, { verbosity: 'LOW' }],
  [
    'P26 sends no verbosity to other models and warns',
    GROK,
    { verbosity: 'low' },
    {},
    `verbosity: not supported by ${GROK}, left out`,
  ],
  [
    'P31 sends a prediction to openai.*',
    GPT,
    { prediction: { type: 'content', content: 'abc' } },
    { prediction: { type: 'CONTENT', content: [{ type: 'TEXT', text: 'abc' }] } },
  ],
  [
    'P31 sends no prediction to other models and warns',
    GROK,
    { prediction: { type: 'content', content: 'abc' } },
    {},
    `prediction: not supported by ${GROK}, left out`,
  ],
]

const extras: Case[] = [
  ['P07 accepts store: false', GPT, { store: false }, {}],
  [
    'P07 accepts store: true and warns that nothing is stored',
    GPT,
    { store: true },
    {},
    'store: nothing is stored',
  ],
  ['P10 ignores stream_options without stream', GPT, {
    stream: false,
    stream_options: { include_usage: true },
  }, {}],
  ['P22 sends parallel_tool_calls', GPT, {
    tools: [TOOL],
    parallel_tool_calls: false,
  }, { tools: [UP_TOOL], isParallelToolCalls: false }],
  ['P22 sends no parallel_tool_calls without tools', GPT, { parallel_tool_calls: false }, {}],
  [
    'P23 sends nothing for null',
    GPT,
    Object.fromEntries(
      [
        ...['max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'top_k', 'seed', 'stop'],
        ...['frequency_penalty', 'presence_penalty', 'n', 'logprobs', 'top_logprobs', 'logit_bias'],
        ...['tools', 'tool_choice', 'parallel_tool_calls', 'response_format', 'reasoning_effort'],
        ...['verbosity', 'prediction', 'web_search_options', 'metadata', 'service_tier', 'stream'],
        ...['stream_options', 'store', 'user', 'modalities', 'foo'],
      ].map((name) => [name, null]),
    ),
    {},
  ],
  [
    'P24 sends the parameters that OCI supports and leaves unknown ones out',
    GPT,
    {
      user: 'u',
      metadata: { a: 'b' },
      service_tier: 'auto',
      prompt_cache_key: 'k',
      safety_identifier: 's',
      foo: 1,
    },
    { metadata: { a: 'b' }, serviceTier: 'AUTO' },
    'foo: not known, left out',
  ],
  [
    'P24 leaves out metadata above the limits and warns',
    GPT,
    { metadata: { a: 'b'.repeat(513) } },
    {},
    'metadata: must be at most 16 strings, keys of 64 and values of 512 characters, left out',
  ],
  [
    'P25 leaves out an unknown service tier and warns',
    GPT,
    { service_tier: 'flex' },
    {},
    'service_tier: not known to OCI, left out',
  ],
  ['P27 sends no empty tools list', GPT, { tools: [], tool_choice: 'auto' }, {}],
  ['P28 drops tool_choice without tools', GPT, { tool_choice: 'auto' }, {}],
  ['P29 sends no response format for text', GPT, { response_format: { type: 'text' } }, {}],
  [
    'P34 sends web search options natively to a model of Meta',
    LLAMA,
    { web_search_options: { search_context_size: 'low' } },
    { webSearchOptions: { searchContextSize: 'LOW' } },
  ],
  ['P34 sends empty web search options', LLAMA, { web_search_options: {} }, {
    webSearchOptions: {},
  }],
]

describe('POST /v1/chat/completions', () => {
  for (
    const [name, model, request, sent, ...warnings] of [
      ...limits,
      ...sampling,
      ...efforts,
      ...extras,
    ]
  ) {
    it(name, async () => {
      const { sent: requests, ...answer } = await gateway.ask({
        model,
        messages: MESSAGES,
        ...request,
      })
      const isLimited = 'maxTokens' in sent || 'maxCompletionTokens' in sent
      assert.deepEqual(requests, [{
        apiFormat: 'GENERIC',
        messages: [{ role: 'USER', content: [{ type: 'TEXT', text: 'Hi' }] }],
        ...(isLimited ? {} : LIMIT.get(model)),
        ...sent,
      }])
      assert.deepEqual(answer.warnings, warnings)
    })
  }

  for (const includeUsage of [true, false]) {
    const name = includeUsage
      ? 'P08 returns the usage of a stream'
      : 'P09 requests but does not return the usage of a stream'
    it(name, async () => {
      const { sent, usage } = await gateway.stream({
        model: GPT,
        messages: MESSAGES,
        ...(includeUsage && { stream_options: { include_usage: true } }),
      })
      assert.deepEqual(sent.map(({ isStream, streamOptions }) => ({ isStream, streamOptions })), [
        { isStream: true, streamOptions: { isIncludeUsage: true } },
      ])
      assert.equal(usage !== undefined, includeUsage)
    })
  }

  it('P12 returns two choices for "n": 2, streamed or not', async () => {
    const body = { model: GPT, messages: MESSAGES, n: 2 }
    const { sent, reply } = await gateway.ask(body)
    assert.equal(sent[0]?.['numGenerations'], 2)
    assert.deepEqual(reply.choices.map(({ index }) => index), [0, 1])
    const { messages } = await gateway.stream(body)
    const contents = (messages: { content: string | null }[]) =>
      messages.map(({ content }) => content)
    assert.deepEqual(contents(messages), contents(reply.choices.map(({ message }) => message)))
  })

  it('P20 P21 returns log probabilities as numbers, with the bytes of each token', async () => {
    const logprobs = {
      tokens: ['né'],
      tokenLogprobs: [-0.5],
      topLogprobs: [{ 'né': '-0.5', 'x': '-1.5' }],
    }
    const choice = { index: 0, message: { role: 'ASSISTANT', ...text('né') }, logprobs }
    const { ask } = await openTestGateway({
      upstream: whole([{ ...choice, finishReason: 'stop' }]),
    })
    const { reply } = await ask({ model: GPT, messages: MESSAGES, logprobs: true, top_logprobs: 2 })
    const ne = { token: 'né', logprob: -0.5, bytes: [110, 195, 169] }
    assert.deepEqual(reply.choices[0]?.logprobs, {
      content: [{ ...ne, top_logprobs: [ne, { token: 'x', logprob: -1.5, bytes: [120] }] }],
      refusal: null,
    })
  })

  it('P34 returns the sources of a web search as citations', async () => {
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://e.x/a', title: 'A' } }],
      groundingSupports: [{ groundingChunkIndices: [0], segment: { startIndex: 0, endIndex: 4 } }],
    }
    const message = { role: 'ASSISTANT', ...text('Rain') }
    const { ask } = await openTestGateway({
      upstream: whole([{ index: 0, message, finishReason: 'stop', groundingMetadata }]),
    })
    const { reply } = await ask({ model: LLAMA, messages: MESSAGES, web_search_options: {} })
    assert.deepEqual(reply.choices[0]?.message.annotations, [{
      type: 'url_citation',
      url_citation: { url: 'https://e.x/a', title: 'A', start_index: 0, end_index: 4 },
    }])
  })
})

describe('POST /v1/chat/completions after OCI refuses a parameter', () => {
  const XAI = '{"code":"invalid-argument","error":"Model grok-code-fast-1 does not support ' +
    'parameter reasoningEffort."}'

  it('P16 retries once without it and remembers the quirk', async () => {
    const { ask, lines } = await openTestGateway({
      upstream: ({ json }) =>
        JSON.stringify(json).includes('reasoningEffort')
          ? refusing(400, { code: '400', message: XAI })()
          : undefined,
    })
    const body = { model: 'xai.grok-4.3', messages: MESSAGES, reasoning_effort: 'high' }
    const first = await ask(body)
    assert.deepEqual(first.sent.map((request) => request['reasoningEffort']), ['HIGH', undefined])
    await ask(body)
    const third = await ask(body)
    assert.deepEqual(third.sent.map((request) => request['reasoningEffort']), [undefined])
    const warning = 'reasoning_effort: not supported by xai.grok-4.3, left out'
    assert.deepEqual([first.warnings, third.warnings], [[warning], [warning]])
    const quirks = lines.map((line) => JSON.parse(line)).filter(({ event }) =>
      event === 'model_quirk'
    )
    assert.deepEqual(quirks.map(({ model, quirk, confirmed }) => [model, quirk, confirmed]), [
      ['xai.grok-4.3', 'without reasoningEffort', false],
      ['xai.grok-4.3', 'without reasoningEffort', true],
    ])
  })

  it('P17 retries with the other parameter for the output limit', async () => {
    const { ask } = await openTestGateway({
      upstream: ({ json }) =>
        JSON.stringify(json).includes('"maxTokens"')
          ? refusing(400, { error: { param: 'max_tokens', code: 'unsupported_parameter' } })()
          : saying(text('Ho'))(),
    })
    const body = { model: 'acme.next', messages: MESSAGES, max_tokens: 7 }
    const limits = ({ sent }: { sent: Record<string, unknown>[] }) =>
      sent.map(({ maxTokens, maxCompletionTokens }) => [maxTokens, maxCompletionTokens])
    assert.deepEqual(limits(await ask(body)), [[7, undefined], [undefined, 7]])
    assert.deepEqual(limits(await ask(body)), [[7, undefined], [undefined, 7]])
    assert.deepEqual(limits(await ask(body)), [[undefined, 7]])
  })

  it('P18 returns the error when the same parameter is refused twice', async () => {
    const message = 'Unsupported parameter: temperature'
    const { fail } = await openTestGateway({
      upstream: inTurn(
        refusing(400, { code: '400', message: `${message}, first` }),
        refusing(400, { code: '400', message: `${message}, second` }),
      ),
    })
    const { status, error, sent } = await fail({ model: GROK, messages: MESSAGES, temperature: 1 })
    assert.equal(status, 400)
    assert.match(error.message, /second/)
    assert.equal(sent.length, 2)
  })
})

type Refused = [name: string, body: object | string, param: string | null, message: RegExp]

const refused: Refused[] = [
  ...[0, -1, '10', 1.5].map((limit): Refused => [
    `P06 rejects "max_tokens": ${JSON.stringify(limit)}`,
    { model: GPT, messages: MESSAGES, max_tokens: limit },
    'max_tokens',
    /max_tokens/,
  ]),
  ['P32 rejects a body that is not JSON', '{"model":', null, /must be valid JSON/],
  ['P32 rejects a body that is an array', '[]', null, /must be a JSON object/],
  ['P32 rejects an empty body', '', null, /empty/],
  ['P33 rejects a missing model', { messages: MESSAGES }, 'model', /is required/],
  ['P33 rejects a prefix without a model', { model: 'oci/', messages: MESSAGES }, 'model', /model/],
]

describe('POST /v1/chat/completions', () => {
  for (const [name, body, param, message] of refused) {
    it(name, async () => {
      const { status, error, calls } = await gateway.fail(body)
      assert.equal(status, 400)
      assert.match(error.message, message)
      assert.deepEqual(error, {
        message: error.message,
        type: 'invalid_request_error',
        param,
        code: 'invalid_request',
      })
      assert.deepEqual(calls, [])
    })
  }

  it('P32 accepts JSON with content-type text/plain', async () => {
    const { fetch } = gateway
    const response = await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ model: GPT, messages: MESSAGES }),
    })
    assert.equal(response.status, 200)
    await response.text()
  })

  for (const prefix of ['', 'oci/', 'openai-compatible/']) {
    it(`P33 accepts the prefix "${prefix}"`, async () => {
      const { calls: [call], reply } = await gateway.ask({
        model: `${prefix}${GPT_5}`,
        messages: MESSAGES,
      })
      assert.deepEqual(call?.json['servingMode'], { servingType: 'ON_DEMAND', modelId: GPT_5 })
      assert.equal(reply.model, `${prefix}${GPT_5}`)
    })
  }
})
