import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import { MODELS } from '../../src/simulator/catalogue.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { messagesClient } from './messages-api.ts'
import { brokenOff, piece, refusing, text } from './upstream.ts'

const LLAMA = 'meta.llama-3.3-70b-instruct'
const GPT_OSS = 'openai.gpt-oss-120b'
const MESSAGES = [{ role: 'user' as const, content: 'Hi' }]
const CACHE = { cache_control: { type: 'ephemeral' } }
const WEATHER = {
  name: 'get_weather',
  description: 'The weather of a city',
  input_schema: {
    type: 'object' as const,
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
}

/** The first request of a Claude Code session. */
const CLAUDE_CODE = {
  model: 'claude-opus-4-5',
  max_tokens: 32_000,
  stream: true,
  metadata: { user_id: '{"device_id":"d","session_id":"s"}' },
  system: [
    { type: 'text', text: 'x-billing-header: cc_version=2.1' },
    {
      type: 'text',
      text: 'You are a coding agent.',
      cache_control: { type: 'ephemeral', ttl: '1h' },
    },
  ],
  thinking: { type: 'adaptive' },
  output_config: { effort: 'high' },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  tools: [
    {
      ...WEATHER,
      input_schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        ...WEATHER.input_schema,
      },
    },
    { ...WEATHER, name: 'Later', defer_loading: true, eager_input_streaming: true },
  ],
  messages: [
    { role: 'user', content: [{ type: 'text', text: '<reminder>One</reminder>' }] },
    { role: 'system', content: [{ type: 'text', text: 'Now' }] },
    { role: 'user', content: [{ type: 'text', text: 'Hello there', ...CACHE }] },
  ],
}

describe('Claude Code', () => {
  it('is answered', async () => {
    const gateway = await openTestGateway({ env: { MODEL_MAP: `{"claude-*":"${GPT_OSS}"}` } })
    const { sent, warnings, message } = await messagesClient(gateway).stream(CLAUDE_CODE)
    assert.deepEqual(warnings, [])
    assert.equal(message.model, 'claude-opus-4-5')
    assert.deepEqual(message.content.map(({ type }) => type), ['thinking', 'text'])
    const [{ messages, tools, reasoningEffort } = {}] = sent
    assert.equal(reasoningEffort, 'HIGH')
    assert.deepEqual(messages, [
      up('SYSTEM', 'x-billing-header: cc_version=2.1', 'You are a coding agent.'),
      up('USER', '<reminder>One</reminder>'),
      up('SYSTEM', 'Now'),
      up('USER', 'Hello there'),
    ])
    assert.deepEqual(Object(tools).map(({ name }: { name: string }) => name), [
      'get_weather',
      'Later',
    ])
  })

  it('accepts thinking and tool calls as it returned them', async () => {
    const gateway = await openTestGateway({ env: { MODEL_MAP: `{"claude-*":"${GPT_OSS}"}` } })
    const { stream } = messagesClient(gateway)
    const question = { role: 'user', content: 'Use get_weather for Paris' }
    const first = await stream({ ...CLAUDE_CODE, messages: [question] })
    assert.equal(first.message.stop_reason, 'tool_use')
    const [call] = first.message.content.flatMap((block) => block.type === 'tool_use' ? block : [])
    const { message, warnings } = await stream({
      ...CLAUDE_CODE,
      messages: [question, { role: 'assistant', content: first.message.content }, {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: call?.id, content: '18 C', ...CACHE },
          { type: 'text', text: '<reminder>Two</reminder>' },
        ],
      }],
    })
    assert.deepEqual(warnings, [])
    assert.equal(message.stop_reason, 'end_turn')
  })

  it('E07 receives the error for a prompt that is too long', async () => {
    const { fail } = messagesClient(await openTestGateway())
    const { status, body } = await fail({
      ...CLAUDE_CODE,
      model: GPT_OSS,
      messages: [{ role: 'user', content: '[[sim:context-length]] Hi' }],
    })
    assert.deepEqual([status, body.error.type], [400, 'invalid_request_error'])
    assert.match(body.error.message, /^prompt is too long: /)
  })
})

const HISTORY = [
  { role: 'user', content: 'Look at both' },
  {
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'Both, then', signature: 's' },
      { type: 'text', text: 'I look' },
      { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Rome' } },
      { type: 'tool_use', id: 'toolu_2', name: 'get_weather', input: { city: 'Oslo' } },
    ],
  },
  {
    role: 'user',
    content: [
      { type: 'tool_result', tool_use_id: 'toolu_1', content: '18 C' },
      { type: 'tool_result', tool_use_id: 'toolu_2', content: 'no city', is_error: true },
    ],
  },
  { role: 'assistant', content: 'One is warm' },
  { role: 'user', content: [{ type: 'text', text: 'Thanks', ...CACHE }] },
]

/** Models that only OCI's OpenAI endpoint or dedicated clusters serve. */
const EXCLUDED = /gpt-audio|multi-agent|command-a-reasoning/

const models = [...MODELS.values()].filter(({ name, capability, retired = '' }) =>
  capability === 'CHAT' && !(Date.parse(retired) <= Date.now()) && !EXCLUDED.test(name)
)

describe('the list of chat models', () => {
  it('contains at least 35 models', () => {
    assert.ok(models.length >= 35, `${models.length} models`)
    assert.ok(models.some(({ name }) => name.startsWith('cohere.')))
  })

  for (const { name: model } of models) {
    it(`N12 N13 ${model} answers with and without a history, streamed and not`, async () => {
      const { ask, stream } = messagesClient(await openTestGateway())
      for (const messages of [[{ role: 'user', content: 'Hello' }], HISTORY]) {
        const body = { model, system: CLAUDE_CODE.system, max_tokens: 1_000, messages }
        const tools = /vision|translate/.test(model) && model.startsWith('cohere.') ? [] : [WEATHER]
        const whole = await ask({ ...body, tools })
        const streamed = await stream({ ...body, tools })
        assert.deepEqual({ ...streamed.message, id: '' }, { ...whole.message, id: '' })
        assert.equal(whole.message.stop_reason, 'end_turn')
        assert.ok(whole.message.usage.input_tokens > 0)
      }
    })
  }
})

describe('OpenClaw', () => {
  it('is answered with two user messages in a row', async () => {
    const { stream } = messagesClient(await openTestGateway())
    const { sent, message, warnings } = await stream({
      model: LLAMA,
      max_tokens: 8_192,
      system: [{ type: 'text', text: 'You are OpenClaw.', ...CACHE }],
      messages: [
        { role: 'user', content: '[Sun] Hello' },
        { role: 'user', content: [{ type: 'text', text: 'Internal context', ...CACHE }] },
      ],
      tools: [WEATHER],
    })
    assert.deepEqual(sent[0]?.['messages'], [
      up('SYSTEM', 'You are OpenClaw.'),
      up('USER', '[Sun] Hello'),
      up('USER', 'Internal context'),
    ])
    assert.equal(message.stop_reason, 'end_turn')
    assert.deepEqual(warnings, [`max_tokens: 8192 lowered to 4000, the maximum of ${LLAMA}`])
  })
})

describe("Anthropic's package", () => {
  it('creates a message', async () => {
    const client = clientOf(await openTestGateway())
    const { data, request_id: id } = await client.messages.create({
      model: LLAMA,
      max_tokens: 100,
      messages: MESSAGES,
    }).withResponse()
    assert.match(id ?? '', /^\w{24}$/)
    assert.ok(data.content[0]?.type === 'text')
    assert.match(data.content[0].text, /You said: Hi$/)
    assert.equal(data.stop_reason, 'end_turn')
  })

  it('streams a message and emits its pieces', async () => {
    const client = clientOf(await openTestGateway())
    const stream = client.messages.stream({
      model: GPT_OSS,
      max_tokens: 500,
      messages: [{ role: 'user', content: '[[sim:reasoning]] Hi' }],
      thinking: { type: 'enabled', budget_tokens: 2_000 },
    })
    const pieces: string[] = []
    const thoughts: string[] = []
    stream.on('text', (piece) => pieces.push(piece)).on('thinking', (piece) => thoughts.push(piece))
    const message = await stream.finalMessage()
    const [thinking, answer] = message.content
    assert.ok(thinking?.type === 'thinking' && thinking.signature !== '')
    assert.equal(thoughts.join(''), thinking.thinking)
    assert.ok(answer?.type === 'text' && pieces.length > 3)
    assert.equal(pieces.join(''), answer.text)
    assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0)
  })

  it('runs a tool loop with two parallel calls', async () => {
    const client = clientOf(await openTestGateway())
    const question: Anthropic.MessageParam = {
      role: 'user',
      content: 'Use get_weather and get_time',
    }
    const body = {
      model: GPT_OSS,
      max_tokens: 500,
      tools: [WEATHER, { ...WEATHER, name: 'get_time' }],
    }
    const first = await client.messages.stream({ ...body, messages: [question] }).finalMessage()
    const calls = first.content.filter((block) => block.type === 'tool_use')
    assert.deepEqual(calls.map(({ name }) => name), ['get_weather', 'get_time'])
    assert.deepEqual(calls.map(({ input }) => typeof Object(input).city), ['string', 'string'])
    const results = calls.map(({ id, name }) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: `${name} is fine`,
    }))
    const messages = [question, first, { role: 'user' as const, content: results }]
    const last = await client.messages.create({ ...body, messages })
    const answer = last.content.map((block) => block.type === 'text' ? block.text : '').join('')
    assert.match(answer, /get_weather is fine; get_time is fine/)
  })

  for (const stream of [false, true]) {
    it(`runs tools with its tool runner, stream: ${stream}`, async () => {
      const client = clientOf(await openTestGateway())
      const runner = client.beta.messages.toolRunner({
        model: GPT_OSS,
        max_tokens: 500,
        stream,
        messages: [{ role: 'user', content: 'Use get_weather for Paris' }],
        tools: [{ ...WEATHER, run: () => '18 degrees', parse: (input: unknown) => input }],
      })
      const message = await runner
      const [answer] = message.content.filter((block) => block.type === 'text')
      assert.match(answer?.text ?? '', /The tools answered: 18 degrees$/)
    })
  }

  it('N15 counts tokens', async () => {
    const client = clientOf(await openTestGateway())
    const body = { model: LLAMA, system: 'Be brief', messages: MESSAGES, tools: [WEATHER] }
    assert.ok((await client.messages.countTokens(body)).input_tokens > 20)
    assert.ok((await client.beta.messages.countTokens(body)).input_tokens > 20)
  })

  it('parses an answer as JSON of a schema', async () => {
    const client = clientOf(await openTestGateway())
    const { content } = await client.messages.create({
      model: 'openai.gpt-4.1',
      max_tokens: 100,
      messages: MESSAGES,
      output_config: { format: { type: 'json_schema', schema: WEATHER.input_schema } },
    })
    assert.ok(content[0]?.type === 'text')
    assert.equal(typeof JSON.parse(content[0].text).city, 'string')
  })

  it('N18 authenticates with either header', async () => {
    const gateway = await openTestGateway({ env: { GATEWAY_API_KEYS: 'secret-1' } })
    const body = { model: LLAMA, max_tokens: 9, messages: MESSAGES }
    for (const key of [{ apiKey: 'secret-1' }, { apiKey: null, authToken: 'secret-1' }]) {
      const { type } = await clientOf(gateway, key).messages.create(body)
      assert.equal(type, 'message')
    }
    const refused = clientOf(gateway, { apiKey: 'secret-2' }).messages.create(body)
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof Anthropic.AuthenticationError)
      assert.equal(error.type, 'authentication_error')
      assert.match(error.requestID ?? '', /^\w{24}$/)
      return true
    })
  })

  const failures: [name: string, answer: () => Response, thrown: unknown, type: string][] = [
    [
      'a rate limit',
      refusing(429, { code: '429', message: 'x' }),
      Anthropic.RateLimitError,
      'rate_limit_error',
    ],
    [
      'an unknown model',
      refusing(404, { code: '404', message: 'x' }),
      Anthropic.NotFoundError,
      'not_found_error',
    ],
    [
      'a request without permission',
      refusing(403, { code: '403', message: 'x' }),
      Anthropic.PermissionDeniedError,
      'permission_error',
    ],
    [
      'a request that OCI refuses',
      refusing(400, { code: '400', message: 'x' }),
      Anthropic.BadRequestError,
      'invalid_request_error',
    ],
    [
      'an OCI outage',
      refusing(500, { code: '500', message: 'x' }),
      Anthropic.InternalServerError,
      'api_error',
    ],
  ]
  for (const [name, upstream, thrown, type] of failures) {
    it(`E06 throws the typed error for ${name}`, async () => {
      const client = clientOf(await openTestGateway({ upstream: () => upstream() }))
      const request = client.messages.create({ model: LLAMA, max_tokens: 9, messages: MESSAGES })
      await assert.rejects(request, (error) => {
        assert.ok(error instanceof Anthropic.APIError && error instanceof Object(thrown))
        assert.equal(error.type, type)
        return true
      })
    })
  }

  it('X17 throws an error for a truncated stream', async () => {
    const upstream = brokenOff([piece(text('one')), piece(text('two'))], 'reset')
    const client = clientOf(await openTestGateway({ upstream }))
    const stream = client.messages.stream({ model: LLAMA, max_tokens: 9, messages: MESSAGES })
    await assert.rejects(stream.finalMessage(), (error) => {
      assert.ok(error instanceof Anthropic.APIError)
      assert.equal(error.type, 'api_error')
      return true
    })
    assert.equal(stream.receivedMessages.length, 0)
  })
})

const PATH = '/v1/messages'
const BODY = JSON.stringify({ model: LLAMA, max_tokens: 9, messages: MESSAGES })

type Refused = [
  name: string,
  path: string,
  init: RequestInit,
  status: number,
  type: string,
  pattern: RegExp,
]

const refused: Refused[] = [
  [
    'E17 rejects an unknown path below',
    `${PATH}/batches`,
    post(BODY),
    404,
    'not_found_error',
    /batches/,
  ],
  [
    'E17 rejects a path with /v1 twice',
    '/v1/v1/messages',
    post(BODY),
    404,
    'not_found_error',
    /twice/,
  ],
  ['E17 rejects another method', PATH, {}, 405, 'invalid_request_error', /POST/],
  [
    'E17 rejects another method for the token count',
    `${PATH}/count_tokens`,
    {},
    405,
    'invalid_request_error',
    /POST/,
  ],
  [
    'P32 rejects a body that is not JSON',
    PATH,
    post('{"model":'),
    400,
    'invalid_request_error',
    /must be valid JSON/,
  ],
  [
    'rejects a body without messages',
    PATH,
    post('{"model":"m"}'),
    400,
    'invalid_request_error',
    /"messages"/,
  ],
  [
    'M26 rejects an unknown role',
    PATH,
    post(withMessage({ role: 'bot' })),
    400,
    'invalid_request_error',
    /messages\[0\]\.role/,
  ],
  [
    'rejects a block without a required field',
    PATH,
    post(withMessage({ role: 'user', content: [{ type: 'tool_result' }] })),
    400,
    'invalid_request_error',
    /messages\[0\]\.content\[0\]\.tool_use_id/,
  ],
  [
    'rejects a tool without a schema',
    PATH,
    post(JSON.stringify({ model: 'm', messages: MESSAGES, tools: [{ name: 'f' }] })),
    400,
    'invalid_request_error',
    /tools\[0\]\.input_schema/,
  ],
  [
    'E18 rejects a body that is too large',
    PATH,
    post('x'.repeat(1_100_000)),
    413,
    'request_too_large',
    /larger/,
  ],
  [
    'a form',
    PATH,
    post('x', { 'content-type': 'multipart/form-data' }),
    415,
    'invalid_request_error',
    /form/,
  ],
]

describe('the Messages API', () => {
  for (const [name, path, init, status, type, pattern] of refused) {
    it(name, async () => {
      const { fetch } = await openTestGateway({ config: { limits: { maxBodyMiB: 1 } } })
      const response = await fetch(path, init)
      const { error, request_id: id, ...rest } = await response.json()
      assert.deepEqual([response.status, error.type, rest], [status, type, { type: 'error' }])
      assert.match(error.message, pattern)
      assert.equal(response.headers.get('request-id'), id)
    })
  }

  it('E20 does not describe a defect', async () => {
    const { fetch } = await openTestGateway({
      upstream: () => {
        throw Object.assign(new RangeError('secret'), { code: undefined })
      },
    })
    const response = await fetch(PATH, post(BODY))
    const { error } = await response.json()
    assert.ok(response.status >= 500)
    assert.equal(error.type, 'api_error')
    assert.doesNotMatch(error.message, /secret/)
  })
})

function clientOf(
  gateway: TestGateway,
  key: { apiKey: string | null; authToken?: string } = { apiKey: 'none' },
): Anthropic {
  return new Anthropic({
    authToken: null,
    ...key,
    baseURL: 'http://127.0.0.1:8050',
    maxRetries: 0,
    fetch: async (url, init) => {
      const { pathname, search } = new URL(String(url))
      return await gateway.fetch(`${pathname}${search}`, init)
    },
  })
}

function post(body: string, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
}

function withMessage(message: object): string {
  return JSON.stringify({ model: 'm', messages: [message] })
}

function up(role: string, ...texts: string[]): object {
  return { role, content: texts.map((text) => ({ type: 'TEXT', text })) }
}
