import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { aborted, events, inTurn, refusing } from './upstream.ts'
import type { Message } from './wire.ts'

const R_PLUS = 'cohere.command-r-plus-08-2024'
const A = 'cohere.command-a-03-2025'
const VISION = 'cohere.command-a-vision-07-2025'
const REASONING = 'cohere.command-a-reasoning-08-2025'
const MODELS = [R_PLUS, A, REASONING]
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const PNG = 'data:image/png;base64,iVBORw0KGgo='
const MISMATCH = 'Chat request type does not match serving model.'
const ENDPOINT = `ocid1.generativeaiendpoint.oc1.us-chicago-1.${'a'.repeat(60)}`

const gateway = await openTestGateway()

const TOOLS = [
  tool('get_weather', { city: { type: 'string', enum: ['Rome', 'Paris'] } }),
  tool('get_time', { zone: { type: 'string', description: 'a time zone' } }),
]

describe('POST /v1/chat/completions', () => {
  for (const model of MODELS) {
    for (const mode of ['whole', 'streamed'] as const) {
      it(`K03 K07 K09 K10 K12 T30 calls tools in three rounds: ${model}, ${mode}`, async () => {
        const conversation = converse(model, mode)
        const first = await conversation.send({
          role: 'user',
          content: 'Use get_weather and get_time',
        })
        assert.deepEqual(namesOf(first), ['get_weather', 'get_time'])
        const both = await conversation.send(...answers(first, 'sunny', '{"time":12}'))
        assert.match(both.content ?? '', /The tools answered: sunny; \{"time":12\}$/)
        const second = await conversation.send({ role: 'user', content: 'Then get_time again' })
        assert.deepEqual(namesOf(second), ['get_time'])
        // The user sends another message before the model has answered.
        const third = await conversation.send(...answers(second, 'one'), {
          role: 'user',
          content: 'And get_weather, get_time',
        })
        assert.deepEqual(namesOf(third), ['get_weather', 'get_time'])
        const last = await conversation.send(...answers(third, 'rain', 'two'))
        assert.match(last.content ?? '', /The tools answered: rain; two$/)
      })
    }
  }

  for (const model of [A, REASONING]) {
    it(`K01 K02 K08 streams the same reply as without streaming: ${model}`, async () => {
      const request = { model, messages: MESSAGES, stream_options: { include_usage: true } }
      const whole = await gateway.ask(request)
      const streamed = await gateway.stream(request)
      assert.deepEqual(streamed.messages, [whole.reply.choices[0]?.message])
      assert.deepEqual(streamed.finishReasons, ['stop'])
      assert.deepEqual(streamed.usage, whole.reply.usage)
    })

    it(`K20 ends the stream when OCI leaves the connection open: ${model}`, async () => {
      const messages = [{ role: 'user', content: 'Hi [[sim:open]]' }]
      const { finishReasons } = await gateway.stream({ model, messages })
      assert.deepEqual(finishReasons, ['stop'])
    })

    it(`P12 makes two calls for "n": 2: ${model}`, async () => {
      const one = await gateway.ask({ model, messages: MESSAGES })
      const request = { model, messages: MESSAGES, n: 2, stream_options: { include_usage: true } }
      const { sent, reply, warnings } = await gateway.ask(request)
      assert.deepEqual(sent, [one.sent[0], one.sent[0]])
      assert.deepEqual(warnings, [])
      assert.deepEqual(reply.choices.map(({ index }) => index), [0, 1])
      const { total_tokens: tokens } = one.reply.usage as { total_tokens: number }
      assert.equal((reply.usage as { total_tokens: number }).total_tokens, 2 * tokens)
      const streamed = await gateway.stream(request)
      assert.deepEqual(streamed.messages, reply.choices.map(({ message }) => message))
      assert.deepEqual(streamed.finishReasons, ['stop', 'stop'])
      assert.deepEqual(streamed.usage, reply.usage)
    })
  }

  it('P12 rejects "n" above 8', async () => {
    const { status, error, calls } = await gateway.fail({ model: A, messages: MESSAGES, n: 9 })
    assert.deepEqual([status, error.param, calls], [400, 'n', []])
  })

  it('P12 aborts both streams when the client disconnects', async () => {
    const left = new AbortController()
    const signals: AbortSignal[] = []
    const { fetch } = await openTestGateway({
      upstream: async ({ signal }) => {
        signals.push(signal)
        await aborted(signal)
        throw signal.reason
      },
    })
    const request = fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: A, messages: MESSAGES, n: 2, stream: true }),
      signal: left.signal,
    })
    while (signals.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
    left.abort()
    await request.catch(() => {})
    assert.deepEqual(signals.map((signal) => signal.aborted), [true, true])
  })
})

type Case = [name: string, model: string, request: object, sent: object, ...warnings: string[]]

const F = { type: 'function', function: { name: 'f' } }
const UP = {
  type: 'FUNCTION',
  function: { name: 'f', parameters: { type: 'object', properties: {} } },
}
const SCHEMA = { type: 'object', properties: { a: { type: 'integer' } } }
const schema = { type: 'json_schema', json_schema: { name: 'r', strict: true, schema: SCHEMA } }
const JSON_FORMAT = { responseFormat: { type: 'JSON_OBJECT', schema: SCHEMA } }
const system = (content: string) => ({ role: 'system', content })

const requests: Case[] = [
  ['M03 joins several system messages with a blank line', R_PLUS, {
    messages: [system('a'), system('b'), ...MESSAGES],
  }, { preambleOverride: 'a\n\nb' }],
  ['P01 sends the output limit of on-demand serving as the default', R_PLUS, {}, {
    maxTokens: 4000,
  }],
  [
    'lowers a temperature above the range of the model',
    A,
    { temperature: 1.2 },
    { temperature: 1 },
    'temperature: 1.2 sent as 1',
  ],
  ['P11 sends nothing for "n": 1', A, { n: 1 }, {}],
  ['P19 sends stop sequences', A, { stop: 'END' }, { stopSequences: ['END'] }],
  ['T02 uses the name of a tool as its missing description', A, { tools: [F] }, {
    tools: [{ name: 'f', description: 'f' }],
  }],
  ['T06 sends tool_choice "required"', REASONING, { tools: [F], tool_choice: 'required' }, {
    tools: [UP],
    toolsChoice: 'REQUIRED',
  }],
  [
    'T07 warns that the model cannot be required to call a tool',
    A,
    { tools: [F], tool_choice: 'required' },
    { tools: [{ name: 'f', description: 'f' }] },
    'tool_choice: this model does not support "required", sent as "auto"',
  ],
  ['K08 disables thinking', REASONING, { reasoning_effort: 'none' }, {
    thinking: { type: 'DISABLED' },
  }],
  ['K08 enables thinking', REASONING, { reasoning_effort: 'high' }, {
    thinking: { type: 'ENABLED' },
  }],
  ['K17 sends a schema', A, { response_format: schema }, JSON_FORMAT],
  ['K17 sends a schema', REASONING, { response_format: schema }, JSON_FORMAT],
  ['K18 sends documents', A, { documents: ['a', { id: 'x', text: 'b' }] }, {
    documents: [{ text: 'a' }, { id: 'x', text: 'b' }],
  }],
]

describe('POST /v1/chat/completions', () => {
  for (const [name, model, request, sent, ...warnings] of requests) {
    it(`${name}: ${model}`, async () => {
      const answer = await gateway.ask({ model, messages: MESSAGES, ...request })
      const [wire = {}] = answer.sent
      assert.deepEqual(
        Object.fromEntries(Object.keys(sent).map((key) => [key, wire[key]])),
        sent,
      )
      assert.deepEqual(answer.warnings, warnings)
    })
  }

  it('K18 leaves documents out for other models and warns', async () => {
    const request = { model: 'meta.llama-3.3-70b-instruct', messages: MESSAGES, documents: ['a'] }
    const { warnings } = await gateway.ask(request)
    assert.deepEqual(warnings, [
      'documents: not supported by meta.llama-3.3-70b-instruct, left out',
    ])
  })

  it('K18 cites documents by URL or by title', async () => {
    const documents = [{ id: 'x', url: 'https://e.x', title: 'X' }, { id: 'my file' }]
    const { reply } = await gateway.ask({ model: A, messages: MESSAGES, documents })
    const cited = reply.choices[0]?.message.annotations as { url_citation: { url: string } }[]
    assert.deepEqual(cited.map(({ url_citation: { url } }) => url), [
      'https://e.x',
      'source:my%20file',
    ])
  })

  for (const url of [PNG, 'https://e.x/a.png']) {
    it(`K16 M08 sends an image: ${url.slice(0, 5)}`, async () => {
      const content = [{ type: 'text', text: 'Look' }, { type: 'image_url', image_url: { url } }]
      const { sent } = await gateway.ask({
        model: VISION,
        messages: [{ role: 'user', content }],
      })
      assert.deepEqual(sent[0]?.['messages'], [{
        role: 'USER',
        content: [{ type: 'TEXT', text: 'Look' }, { type: 'IMAGE_URL', imageUrl: { url } }],
      }])
    })
  }

  it('K16 rejects an image for a model without image input', async () => {
    const content = [{ type: 'image_url', image_url: { url: PNG } }]
    const request = { model: R_PLUS, messages: [{ role: 'user', content }] }
    const { status, error, calls } = await gateway.fail(request)
    assert.deepEqual([status, error.code, calls], [400, 'unsupported_content', []])
    assert.equal(
      error.message,
      `"${R_PLUS}" does not support this image: send text, or text files as data URLs`,
    )
  })

  for (const model of [A, R_PLUS]) {
    it(`R-A4 M25 ${model} continues after a prefilled assistant message`, async () => {
      const messages = [...MESSAGES, { role: 'assistant', content: 'Sure,' }]
      const { sent: [body], warnings } = await gateway.ask({ model, messages })
      assert.equal(body?.['message'], 'Continue.')
      assert.match(JSON.stringify(body?.['chatHistory']), /"Sure,"\}\]$/)
      assert.deepEqual(warnings, [
        'messages: this model needs a user message, "Continue." is added',
      ])
    })
  }

  it('R-A4 answers the last system text of a conversation without a user message', async () => {
    const { sent: [body], warnings } = await gateway.ask({ model: A, messages: [system('s')] })
    assert.deepEqual([body?.['message'], body?.['preambleOverride']], ['s', undefined])
    assert.deepEqual(warnings, ['messages: the last system text is sent as user text'])
    await gateway.stream({ model: A, messages: [system('s')] })
  })

  it('R-A4 names each change of a conversation that begins with the assistant', async () => {
    const messages = [system('s'), { role: 'assistant', content: 'Sure,' }]
    const { sent: [body], warnings } = await gateway.ask({ model: A, messages })
    assert.equal(body?.['message'], 'Continue.')
    assert.equal(warnings.length, 2)
  })
})

const ENDS: [reason: string, status: number, expected: string][] = [
  ['COMPLETE', 200, 'stop'],
  ['MAX_TOKENS', 200, 'length'],
  ['ERROR_TOXIC', 200, 'content_filter'],
  ['STOP_SEQUENCE', 200, 'stop'],
  ['ERROR_LIMIT', 400, 'context_length_exceeded'],
  ['ERROR', 502, 'upstream_unavailable'],
  ['USER_CANCEL', 502, 'upstream_unavailable'],
]

describe('POST /v1/chat/completions', () => {
  for (const [reason, status, expected] of ENDS) {
    it(`K14 maps the finish reason ${reason} to ${expected}`, async () => {
      const chatResponse = { apiFormat: 'COHERE', text: 'Hi', finishReason: reason }
      const { ask, fail } = await openTestGateway({
        upstream: () => Response.json({ modelId: 'm', modelVersion: '1', chatResponse }),
      })
      const request = { model: A, messages: MESSAGES }
      if (status === 200) {
        const { reply } = await ask(request)
        return assert.equal(reply.choices[0]?.finish_reason, expected)
      }
      const failed = await fail(request)
      assert.deepEqual([failed.status, failed.error.code], [status, expected])
    })
  }

  it('K05 returns tool call arguments as JSON text', async () => {
    const toolCalls = [{ name: 'f', parameters: { s: 'it\'s "x"', n: null, b: true } }]
    const { stream } = await openTestGateway({
      upstream: events({ apiFormat: 'COHERE', toolCalls, finishReason: 'COMPLETE' }),
    })
    const { messages, finishReasons } = await stream({ model: A, messages: MESSAGES, tools: [F] })
    assert.deepEqual(finishReasons, ['tool_calls'])
    assert.deepEqual(messages[0]?.tool_calls?.map((call) => call.function), [
      { name: 'f', arguments: '{"s":"it\'s \\"x\\"","n":null,"b":true}' },
    ])
    assert.match(messages[0]?.tool_calls?.[0]?.id ?? '', /^call[A-Za-z0-9]{24}$/)
  })

  it('K15 detects the format of an unknown dedicated endpoint and remembers it', async () => {
    const answer = { apiFormat: 'COHERE', text: 'Hi', finishReason: 'COMPLETE' }
    const { ask } = await openTestGateway({
      upstream: ({ method, json }) => {
        if (method === 'GET') return refusing(404, { code: '404', message: 'no' })()
        const { apiFormat } = json['chatRequest'] as { apiFormat: string }
        return apiFormat === 'COHERE'
          ? Response.json({ modelId: 'm', modelVersion: '1', chatResponse: answer })
          : refusing(400, { code: '400', message: MISMATCH })()
      },
    })
    const formats = async () => {
      const { sent, reply } = await ask({ model: ENDPOINT, messages: MESSAGES })
      assert.equal(reply.choices[0]?.message.content, 'Hi')
      return sent.map(({ apiFormat }) => apiFormat)
    }
    assert.deepEqual(await formats(), ['GENERIC', 'COHERE'])
    assert.deepEqual(await formats(), ['GENERIC', 'COHERE'])
    assert.deepEqual(await formats(), ['COHERE'])
  })

  it('K15 returns the error when no format works', async () => {
    const upstream = inTurn(refusing(400, { code: '400', message: MISMATCH }))
    const { fail } = await openTestGateway({ upstream })
    const { sent, status } = await fail({ model: A, messages: MESSAGES })
    assert.deepEqual(sent.map(({ apiFormat }) => apiFormat), ['COHERE', 'COHEREV2'])
    assert.equal(status, 400)
  })
})

/** A conversation that records each message sent and each reply. */
function converse(model: string, mode: 'whole' | 'streamed') {
  const messages: object[] = [system('You are helpful.')]
  return {
    async send(...added: object[]): Promise<Message> {
      messages.push(...added)
      const request = { model, messages, tools: TOOLS, max_tokens: 1000 }
      const answer = await answerOf(gateway, request, mode)
      messages.push(answer)
      return answer
    },
  }
}

async function answerOf({ ask, stream }: TestGateway, request: object, mode: 'whole' | 'streamed') {
  const message = mode === 'whole'
    ? (await ask(request)).reply.choices[0]?.message
    : (await stream(request)).messages[0]
  assert.ok(message)
  return message
}

function answers(message: Message, ...contents: string[]): object[] {
  return (message.tool_calls ?? []).map(({ id }, at) => ({
    role: 'tool',
    tool_call_id: id,
    content: contents[at],
  }))
}

function namesOf(message: Message): string[] {
  return (message.tool_calls ?? []).map((call) => call.function.name)
}

function tool(name: string, properties: object): object {
  const parameters = { type: 'object', properties, required: Object.keys(properties) }
  return { type: 'function', function: { name, description: `Tells: ${name}`, parameters } }
}
