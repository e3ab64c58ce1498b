import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEARER } from '../oci-names.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'
import {
  brokenOff,
  dataOf,
  events,
  finish,
  inTurn,
  piece,
  refusing,
  saying,
  sse,
  text,
  type Upstream,
} from './upstream.ts'

const GROK = 'xai.grok-4.3'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const BODY = { model: GROK, messages: MESSAGES }
const EMPTY = events(finish())
const RESPONSES = '/openai/v1/responses'
const ACTIONS = '/20231130/actions/chat'
const DOWN = { code: '503', message: 'down' }

/** The three client APIs for chats, each with a question and with a tool result. */
const APIS: readonly [path: string, request: object, afterTool: object][] = [
  ['chat/completions', { messages: MESSAGES }, {
    messages: [
      ...MESSAGES,
      {
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'sent' },
    ],
  }],
  ['responses', { input: 'Hi' }, {
    input: [
      { role: 'user', content: 'Hi' },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'sent' },
    ],
  }],
  ['messages', { messages: MESSAGES, max_tokens: 100 }, {
    max_tokens: 100,
    messages: [
      ...MESSAGES,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input: {} }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c', content: 'sent' },
          { type: 'text', text: 'Go on' },
        ],
      },
    ],
  }],
]

async function post(
  { fetch, calls }: TestGateway,
  path: string,
  body: object,
): Promise<{ status: number; text: string; calls: number }> {
  const before = calls.length
  const response = await fetch(`/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: GROK, ...body }),
  })
  const text = await response.text()
  return { status: response.status, text, calls: calls.length - before }
}

/** Answers requests that contain the mark with `answer`, and the others with "Hello". */
function marked(mark: string, answer: Upstream): Upstream {
  return (call) =>
    JSON.stringify(call.json).includes(mark)
      ? answer(call)
      : JSON.stringify(call.json).includes('"isStream":true')
      ? events(piece(text('Hello')), finish())()
      : saying(text('Hello'))()
}

describe('an empty answer', () => {
  for (const [path, request, afterTool] of APIS) {
    it(`B1: is retried twice, then passed on, and opens no circuit: ${path}`, async () => {
      const gateway = await openTestGateway({ upstream: EMPTY })
      for (let count = 0; count < 12; count++) {
        const { status, text, calls } = await post(gateway, path, { ...request, stream: true })
        assert.deepEqual([status, calls], [200, 3])
        assert.doesNotMatch(text, /"error":\{|event: error/)
      }
    })

    it(`B1: is passed on without a retry after a tool result: ${path}`, async () => {
      const gateway = await openTestGateway({ upstream: EMPTY })
      for (let count = 0; count < 12; count++) {
        const { status, calls } = await post(gateway, path, { ...afterTool, stream: true })
        assert.deepEqual([status, calls], [200, 1])
      }
    })
  }

  it('B1: is passed on when its retry fails', async () => {
    const gateway = await openTestGateway({ upstream: inTurn(EMPTY, refusing(503, DOWN)) })
    const { status, calls } = await post(gateway, 'chat/completions', { ...BODY, stream: true })
    assert.deepEqual([status, calls], [200, 2])
  })

  it('B1: is retried with the same model and region', async () => {
    const gateway = await openTestGateway({
      env: { OCI_REGION: 'us-chicago-1,eu-frankfurt-1' },
      config: { fallbacks: { [GROK]: [LLAMA] } },
      upstream: EMPTY,
    })
    await post(gateway, 'chat/completions', { ...BODY, stream: true })
    const request = gateway.calls.map(({ url, json }) => `${url.hostname} ${JSON.stringify(json)}`)
    assert.equal(
      request.filter((call) => call.includes('chicago') && call.includes(GROK)).length,
      3,
    )
  })
})

describe('an answer with an error finish reason', () => {
  const reasons = ['error', 'ERROR', 'USER_CANCEL', 'MALFORMED_FUNCTION_CALL', 'ERROR_LIMIT']
  for (const reason of reasons) {
    for (const stream of [false, true]) {
      it(
        `B1: is reported to the client and opens no circuit: ${reason}, ${
          stream ? 'streamed' : 'not streamed'
        }`,
        async () => {
          const failing = stream ? events(finish(reason)) : saying({}, reason)
          const gateway = await openTestGateway({ upstream: marked('provoke', failing) })
          const request = { messages: [{ role: 'user', content: 'provoke' }], stream }
          for (let count = 0; count < 12; count++) {
            const { status, calls } = await post(gateway, 'chat/completions', request)
            assert.deepEqual([status, calls], [reason === 'ERROR_LIMIT' ? 400 : 502, 1])
          }
          const { status, calls } = await post(gateway, 'chat/completions', { ...BODY, stream })
          assert.deepEqual([status, calls], [200, 1])
        },
      )
    }
  }
})

describe('a broken stream', () => {
  const native = [piece(text('Hello'))]
  const relayed = [{ choices: [{ index: 0, delta: { content: 'Hello' } }] }]
  for (
    const [kind, env, payloads] of [['translated', {}, native], [
      'relayed',
      BEARER,
      relayed,
    ]] as const
  ) {
    it(`B2: counts as one failure: ${kind}`, async () => {
      const gateway = await openTestGateway({
        env,
        upstream: brokenOff(payloads, 'reset'),
      })
      for (let count = 0; count < 10; count++) {
        const { status, calls } = await post(gateway, 'chat/completions', { ...BODY, stream: true })
        assert.deepEqual([status, calls], [200, 1], `stream ${count}`)
      }
      const { status, calls } = await post(gateway, 'chat/completions', { ...BODY, stream: true })
      assert.deepEqual([status, calls], [502, 0])
    })

    it(`B2: opens the circuit when six of ten break: ${kind}`, async () => {
      let count = 0
      const whole = sse(
        [...payloads, kind === 'relayed' ? relayedEnd() : finish()].map(dataOf).join(''),
      )
      const gateway = await openTestGateway({
        env,
        upstream: (call) => count++ < 4 ? whole() : brokenOff(payloads, 'reset')(call),
      })
      for (let round = 0; round < 10; round++) {
        await post(gateway, 'chat/completions', { ...BODY, stream: true })
      }
      const { calls } = await post(gateway, 'chat/completions', { ...BODY, stream: true })
      assert.equal(calls, 0)
    })
  }
})

function relayedEnd(): object {
  return { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
}

describe('a refusal', () => {
  const NONE = 'Model xai.grok-4.3 does not support reasoning_effort value none.'
  const effortsOf = (sent: Record<string, unknown>[]) => sent.map((one) => one['reasoningEffort'])

  it('B3: of a value changes only that value, and applies to other requests after two refusals', async () => {
    const { ask, fetch } = await openTestGateway({
      upstream: ({ json }) =>
        JSON.stringify(json).includes('"NONE"')
          ? refusing(400, { code: '400', message: NONE })()
          : saying(text('Hello'))(),
    })
    const none = { ...BODY, reasoning_effort: 'none' }
    const high = { ...BODY, reasoning_effort: 'high' }
    const first = await ask(none)
    assert.deepEqual(effortsOf(first.sent), ['NONE', undefined])
    assert.deepEqual(first.warnings, [
      'reasoning_effort: the value none is not accepted by this model, left out',
    ])
    assert.deepEqual(effortsOf((await ask(high)).sent), ['HIGH'])
    assert.deepEqual(await quirksOf(fetch), { [GROK]: [['without reasoningEffort none', false]] })
    assert.deepEqual(effortsOf((await ask(none)).sent), ['NONE', undefined])
    assert.deepEqual(effortsOf((await ask(none)).sent), [undefined])
    assert.deepEqual(effortsOf((await ask(high)).sent), ['HIGH'])
    assert.deepEqual(await quirksOf(fetch), { [GROK]: [['without reasoningEffort none', true]] })
  })

  it('B3: of a value leads to the lowest supported value', async () => {
    const message =
      "Unsupported value: 'reasoning_effort' does not support 'none' with this model. " +
      "Supported values are: 'low', 'medium', and 'high'."
    const { ask } = await openTestGateway({
      upstream: ({ json }) =>
        JSON.stringify(json).includes('"NONE"')
          ? refusing(400, {
            error: { message, code: 'unsupported_value', param: 'reasoning_effort' },
          })()
          : saying(text('Hello'))(),
    })
    const { sent, warnings } = await ask({ ...BODY, reasoning_effort: 'none' })
    assert.deepEqual(effortsOf(sent), ['NONE', 'LOW'])
    assert.deepEqual(warnings, [
      'reasoning_effort: the value none is not accepted by this model, low used instead',
    ])
  })

  const quoting: [name: string, mark: string, message: string, request: object][] = [
    ['names a tool', '"name":"temperature"', "Tool 'temperature' is not supported.", {
      tools: [{ type: 'function', function: { name: 'temperature' } }],
    }],
    ['names a property', '"strange"', 'In strange: temperature is not allowed', {
      tools: [{
        type: 'function',
        function: {
          name: 'strange',
          parameters: { type: 'object', properties: { temperature: { type: 'number' } } },
        },
      }],
    }],
    ['quotes a text', 'by you', 'Bad message "please: temperature is not supported by you"', {
      messages: [{ role: 'user', content: 'please: temperature is not supported by you, friend' }],
    }],
  ]
  for (const [name, mark, message, request] of quoting) {
    it(`F5: that ${name} of the client changes nothing for other requests`, async () => {
      const { ask, fetch } = await openTestGateway({
        upstream: ({ json }) => {
          const sent = JSON.stringify(json)
          return sent.includes(mark) && sent.includes('"temperature":0.5')
            ? refusing(400, { code: '400', message })()
            : saying(text('Hello'))()
        },
      })
      for (let count = 0; count < 4; count++) {
        const { sent } = await ask({ ...BODY, ...request, temperature: 0.5 })
        assert.deepEqual(sent.map(({ temperature }) => temperature), [0.5, undefined])
      }
      const { sent } = await ask({ ...BODY, temperature: 0.5 })
      assert.deepEqual(sent.map(({ temperature }) => temperature), [0.5])
      assert.deepEqual(await quirksOf(fetch), {})
    })
  }

  it("F5: of an unknown prompt keeps the model on OCI's OpenAI endpoint", async () => {
    const gateway = await openTestGateway({
      config: { models: { [GROK]: { endpoint: 'openai' } } },
      upstream: ({ json }) =>
        JSON.stringify(json).includes('pmpt_x')
          ? refusing(404, { error: { message: "Prompt with id 'pmpt_x' not found." } })()
          : undefined,
    })
    for (let count = 0; count < 3; count++) {
      await post(gateway, 'responses', { input: 'Hi', prompt: { id: 'pmpt_x' } })
    }
    const before = gateway.calls.length
    await post(gateway, 'responses', { input: 'Hi' })
    assert.deepEqual(gateway.calls.slice(before).map(({ url }) => url.pathname), [RESPONSES])
  })

  for (
    const message of [
      "Unsupported parameter: 'temperature' is not supported. Please use /v1/responses instead.",
      'temperature is not supported with this model: use the Responses API',
      'This model is only supported in v1/responses and not in v1/chat/completions.',
    ]
  ) {
    for (const stream of [false, true]) {
      it(`B4: that names the Responses API is retried there (stream: ${stream}): ${message}`, async () => {
        const gateway = await openTestGateway({
          upstream: ({ url }) =>
            url.pathname === ACTIONS ? refusing(400, { code: '400', message })() : undefined,
        })
        const request = { ...BODY, temperature: 0.5, stream }
        const { status } = await post(gateway, 'chat/completions', request)
        assert.equal(status, 200)
        assert.deepEqual(gateway.calls.map(({ url }) => url.pathname), [ACTIONS, RESPONSES])
        assert.equal(gateway.calls[1]?.json['temperature'], 0.5)
        assert.deepEqual(await quirksOf(gateway.fetch), {
          [GROK]: [['use format RESPONSES', false]],
        })
      })
    }
  }
})

describe("a fallback model's refusal", () => {
  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
  const seen = { messages: [{ role: 'user', content: [{ type: 'text', text: 'See' }, picture] }] }
  const down: Upstream = ({ json }) =>
    JSON.stringify(json).includes(GROK) ? refusing(503, DOWN)() : undefined

  for (
    const [path, request] of [
      ['chat/completions', seen],
      ['messages', {
        max_tokens: 100,
        messages: [{
          role: 'user',
          content: [{
            type: 'image',
            source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
          }],
        }],
      }],
      ['responses', {
        input: [{
          role: 'user',
          content: [{ type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }],
        }],
      }],
    ] as const
  ) {
    for (const stream of [false, true]) {
      it(`B5: returns the first model's error: ${path}, stream: ${stream}`, async () => {
        const gateway = await openTestGateway({
          config: { fallbacks: { [GROK]: [LLAMA] } },
          upstream: down,
        })
        const { status, text } = await post(gateway, path, { ...request, stream })
        assert.equal(status, 502)
        assert.match(text, /status 503: down/)
        assert.doesNotMatch(text, new RegExp(LLAMA))
      })
    }
  }

  it('B5: leads to the next fallback model', async () => {
    const gateway = await openTestGateway({
      config: { fallbacks: { [GROK]: [LLAMA, 'google.gemini-2.5-pro'] } },
      upstream: down,
    })
    const { status, text } = await post(gateway, 'chat/completions', seen)
    assert.equal(status, 200)
    assert.match(text, /"model":"google\.gemini-2\.5-pro"/)
  })

  for (
    const [name, refusal] of [
      ['too long', refusing(400, { error: { message: 'too many tokens for the context window' } })],
      ['unknown', refusing(404, { error: { message: 'The model does not exist' } })],
      ['refused', refusing(400, { error: { message: 'no' } })],
    ] as const
  ) {
    it(`B5: returns the first model's error on OCI's OpenAI endpoint: ${name}`, async () => {
      const gateway = await openTestGateway({
        env: BEARER,
        config: { fallbacks: { [GROK]: ['xai.grok-3'] } },
        upstream: ({ json }) => json['model'] === GROK ? refusing(503, DOWN)() : refusal(),
      })
      const { status, text } = await post(gateway, 'chat/completions', BODY)
      assert.equal(status, 502)
      assert.match(text, /status 503: down/)
    })
  }
})

/** The name and confirmation of each quirk, by model. */
async function quirksOf(fetch: TestGateway['fetch']): Promise<Record<string, unknown>> {
  const { quirks } = await (await fetch('/readyz?verbose')).json() as {
    quirks: Record<string, { name: string; confirmed: boolean; expiresIn: number }[]>
  }
  return Object.fromEntries(
    Object.entries(quirks).map(([model, list]) => [
      model,
      list.map(({ name, confirmed, expiresIn }) => {
        assert.ok(expiresIn > 3_500 && expiresIn <= 3_600)
        return [name, confirmed]
      }),
    ]),
  )
}
