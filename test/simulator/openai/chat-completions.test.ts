import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { NOW } from '../caller.ts'
import { call, say } from '../families/shapes.ts'
import { asks, createOpenAiCaller, type OpenAiCaller, WEATHER, withoutIds } from './endpoint.ts'

const PATH = '/chat/completions'
const GROK = 'xai.grok-3'
const GPT = 'openai.gpt-4.1'
const TOOL = {
  id: 'call_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{}' },
}
const CALLED = { role: 'assistant', content: null, tool_calls: [TOOL] }
const RESULT = { role: 'tool', tool_call_id: 'call_1', content: 'sunny' }
const USER = { role: 'user', content: 'Hi' }
const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
const strict = (schema: object) => ({
  type: 'json_schema',
  json_schema: { name: 'city', schema, strict: true },
})

const verdicts: [name: string, body: unknown, verdict: string][] = [
  ['rejects what is not JSON', '{', '400 We could not parse the JSON body of your request.'],
  ['requires the model', { messages: [USER] }, "400 Missing required parameter: 'model'."],
  ['requires the messages', { model: GROK }, "400 Missing required parameter: 'messages'."],
  ['rejects unknown parameters', asks(GROK, 'Hi', { foo: 1 }), "400 Unknown parameter: 'foo'."],
  [
    'rejects unknown members deep inside',
    { model: GROK, messages: [{ ...USER, colour: 'red' }] },
    "400 Unknown parameter: 'messages[0].colour'.",
  ],
  [
    'rejects another type',
    asks(GROK, 'Hi', { temperature: 'hot' }),
    "400 Invalid type for 'temperature': expected a decimal, but got a string instead.",
  ],
  [
    'rejects an unknown role',
    { model: GROK, messages: [{ role: 'USER', content: 'Hi' }] },
    "400 Invalid value: 'USER'. Supported values are: 'system', 'developer', 'user', " +
    "'assistant', 'tool'.",
  ],
  ['accepts null for optional members', asks(GROK, 'Hi', { temperature: null, stop: null }), '200'],
  [
    'requires a message',
    { model: GROK, messages: [] },
    "400 Invalid 'messages': empty array. Expected an array with minimum length 1, but got an " +
    'empty array instead.',
  ],
  [
    'requires a result for every call',
    { model: GPT, messages: [USER, CALLED] },
    "400 An assistant message with 'tool_calls' must be followed by tool messages responding to " +
    "each 'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
  ],
  [
    'requires a call for every result',
    { model: GPT, messages: [USER, RESULT] },
    "400 Invalid parameter: messages with role 'tool' must be a response to a preceeding message " +
    "with 'tool_calls'.",
  ],
  ['accepts a call with its result', { model: GPT, messages: [USER, CALLED, RESULT] }, '200'],
  [
    'rejects images for models without image input',
    { model: GROK, messages: [{ role: 'user', content: [IMAGE] }] },
    '400 Content type image_url is not supported with this model.',
  ],
  [
    'rejects stream options without streaming',
    asks(GROK, 'Hi', { stream_options: { include_usage: true } }),
    "400 The 'stream_options' parameter is only allowed when 'stream' is enabled.",
  ],
  [
    'rejects a tool choice without tools',
    asks(GROK, 'Hi', { tool_choice: 'auto' }),
    "400 Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
  ],
  [
    'requires max_completion_tokens for GPT-5',
    asks('openai.gpt-5', 'Hi', { max_tokens: 5 }),
    "400 Unsupported parameter: 'max_tokens' is not supported with this model. Use " +
    "'max_completion_tokens' instead.",
  ],
  [
    'rejects sampling parameters for GPT-5',
    asks('openai.gpt-5', 'Hi', { temperature: 0 }),
    "400 Unsupported value: 'temperature' does not support 0 with this model. Only the default " +
    '(1) value is supported.',
  ],
  [
    'validates strict schemas for GPT',
    asks(GPT, 'Hi', { response_format: strict({ type: 'object', properties: {} }) }),
    "400 Invalid schema for response_format 'city': In context=(), " +
    "'additionalProperties' is required to be supplied and to be false, and 'required' is " +
    'required to include every key in properties.',
  ],
  [
    'unwraps a schema error of xAI',
    asks(GROK, 'Hi', { response_format: strict({ $ref: '#/a' }) }),
    '400 Invalid request content: Invalid function schema.',
  ],
  [
    'does not find an unknown model',
    asks('xai.grok-9', 'Hi'),
    '404 The model `xai.grok-9` does not exist or ' +
    'you do not have access to it.',
  ],
  [
    'does not offer Cohere',
    asks('cohere.command-a-03-2025', 'Hi'),
    '400 Unsupported OpenAI operation',
  ],
  [
    'rejects all Cohere names, known or not',
    asks('cohere.new', 'Hi'),
    '400 Unsupported OpenAI operation',
  ],
  [
    'E11 has no several agents',
    asks('xai.grok-4.20-multi-agent-0309', 'Hi'),
    '400 Multi Agent requests are not allowed on chat completions',
  ],
  ['offers its own models', asks('openai.gpt-audio', 'Hi'), '200'],
  [
    'rejects Responses-only models',
    asks('openai.gpt-5.5-pro', 'Hi'),
    '400 This is not a chat model and thus not supported in the v1/chat/completions endpoint.',
  ],
  [
    'follows a directive in the name',
    asks('xai.sim-status-429', 'Hi'),
    '429 Too many requests ' +
    'for the given tenancy',
  ],
  [
    'follows a directive in the message',
    asks(GROK, '[[sim:status=500]]'),
    '500 Internal Server Error',
  ],
  [
    'rejects by directive',
    asks(GROK, '[[sim:refuse=top_p]]', { top_p: 0.5 }),
    "400 Unsupported parameter: 'top_p' is not supported with this model.",
  ],
  [
    'rejects too long a prompt',
    asks(GROK, 'a '.repeat(131_073)),
    "400 This model's maximum context length is 131072 tokens. However, your messages resulted in " +
    '131073 tokens. Please reduce the length of the messages.',
  ],
  [
    'returns the context length error by directive',
    asks(GROK, 'Hi [[sim:context-length]]'),
    "400 This model's maximum context length is 131072 tokens. However, your messages resulted in " +
    '131074 tokens. Please reduce the length of the messages.',
  ],
]

const DETAILS = {
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
}

describe('POST /openai/v1/chat/completions', () => {
  let caller: OpenAiCaller
  before(async () => {
    caller = await createOpenAiCaller()
  })

  for (const [name, body, verdict] of verdicts) {
    it(name, async () => assert.equal(await caller.verdict(PATH, body), verdict))
  }

  it("rejects in OpenAI's format with the parameter", async () => {
    const response = await caller.post(PATH, asks(GROK, 'Hi', { foo: 1 }))
    assert.deepEqual(await response.json(), {
      error: {
        message: "Unknown parameter: 'foo'.",
        type: 'invalid_request_error',
        param: 'foo',
        code: 'unknown_parameter',
      },
    })
  })

  it('answers without streaming', async () => {
    const response = await caller.post(PATH, asks(GROK, `Hi ${say('Good day')}`))
    assert.deepEqual(withoutIds(await response.json()), {
      ...head('chat.completion'),
      choices: [{
        index: 0,
        message: { role: 'assistant', content: 'Good day', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      }],
      usage: { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4, ...DETAILS },
    })
  })

  it('streams words, the finish reason, and usage on request', async () => {
    const body = asks(GROK, say('Good day'), { stream_options: { include_usage: true } })
    const events = await caller.stream(PATH, body)
    const said = (delta: object, finish_reason: string | null = null) => ({
      ...head('chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      usage: null,
    })
    assert.deepEqual(events.map(withoutIds), [
      said({ role: 'assistant', content: '', refusal: null }),
      said({ content: 'Good' }),
      said({ content: ' day' }),
      said({}, 'stop'),
      {
        ...head('chat.completion.chunk'),
        choices: [],
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, ...DETAILS },
      },
      '[DONE]',
    ])
  })

  it('uses one id for all chunks of an answer', async () => {
    const events = await caller.stream(PATH, asks(GROK, say('Good day')))
    const ids = new Set(events.slice(0, -1).map((event) => JSON.stringify(event).slice(0, 50)))
    assert.equal(ids.size, 1)
  })

  it('streams the name of a call and then its arguments', async () => {
    const text = call('get_weather', '{"city":"Rome"}')
    const events = await caller.stream(PATH, asks(GPT, text, { tools: [WEATHER] }))
    assert.deepEqual(deltas(events), [
      { role: 'assistant', content: null, refusal: null },
      piece({ id: 'call_', type: 'function', function: { name: 'get_weather', arguments: '' } }),
      piece({ function: { arguments: '{"city":"' } }),
      piece({ function: { arguments: 'Rome"}' } }),
      {},
    ])
  })

  it('streams complete tool calls of xAI', async () => {
    const text = call('get_weather', '{"city":"Rome"}')
    const events = await caller.stream(PATH, asks(GROK, text, { tools: [WEATHER] }))
    const whole = { name: 'get_weather', arguments: '{"city":"Rome"}' }
    assert.deepEqual(deltas(events)[1], piece({ id: 'call_', type: 'function', function: whole }))
  })

  it('accepts tools for Gemini and never calls them', async () => {
    const body = asks('google.gemini-2.5-flash', 'Call get_weather', {
      tools: [WEATHER],
      tool_choice: 'required',
    })
    const { choices } = await (await caller.post(PATH, body)).json()
    assert.equal(choices[0].finish_reason, 'stop')
    assert.equal(choices[0].message.tool_calls, undefined)
  })

  it('returns the reasoning of models that expose it', async () => {
    const { choices } = await (await caller.post(PATH, asks('xai.grok-3-mini', 'Hi'))).json()
    assert.equal(choices[0].message.reasoning_content, 'The user said 1 words. Answer them.')
  })

  it('sends usage and the last delta with the finish reason by directive', async () => {
    const text = `${say('Good day')} [[sim:finish-text usage-on-finish]]`
    const body = asks(GROK, text, { stream_options: { include_usage: true } })
    const events = await caller.stream(PATH, body)
    const [last, done] = events.slice(-2)
    assert.equal(done, '[DONE]')
    assert.deepEqual(withoutIds(last), {
      ...head('chat.completion.chunk'),
      choices: [{ index: 0, delta: { content: ' day' }, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, ...DETAILS },
    })
  })

  it('returns log probabilities on request', async () => {
    const body = asks(GROK, say('Hi'), { logprobs: true, top_logprobs: 1 })
    const { choices } = await (await caller.post(PATH, body)).json()
    const token = { token: 'Hi', logprob: -0.2, bytes: [72, 105] }
    const content = [{ ...token, top_logprobs: [token] }]
    assert.deepEqual(choices[0].logprobs, { content, refusal: null })
  })

  it('fails, ends early and stalls by directive', async () => {
    const cut = await caller.post(PATH, asks(GROK, 'Hi [[sim:cut-after=2]]', { stream: true }))
    await assert.rejects(cut.text())
    const ended = await caller.stream(PATH, asks(GROK, 'Hi [[sim:end-after=2]]'))
    assert.equal(ended.length, 2)
    const stalled = await caller.post(
      PATH,
      asks(GROK, 'Hi [[sim:stall-after=1]]', { stream: true }),
    )
    const reader = stalled.body?.getReader()
    assert.equal((await reader?.read())?.done, false)
    await reader?.cancel()
    assert.equal(await caller.seen.at(-1)?.ended, 'client-disconnected')
  })
})

function head(object: string): object {
  const created = NOW / 1000
  return { id: 'chatcmpl-', object, created, model: GROK, system_fingerprint: null }
}

function piece(call: object): object {
  return { tool_calls: [{ index: 0, ...call }] }
}

function deltas(events: readonly unknown[]): unknown[] {
  const texts = JSON.stringify(withoutIds(events.slice(0, -1)))
  const chunks: { choices: { delta: unknown }[] }[] = JSON.parse(texts)
  return chunks.map(({ choices }) => choices[0]?.delta)
}
