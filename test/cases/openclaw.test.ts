import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MODELS } from '../../src/simulator/catalogue.ts'
import { openTestGateway } from './gateway.ts'
import { events, finish, piece, saying, text } from './upstream.ts'

const GPT = 'openai.gpt-5'
const PNG = 'data:image/png;base64,iVBORw0KGgo='

/** A tool as OpenClaw declares it for a strict provider. */
const READ = {
  type: 'function',
  function: {
    name: 'read_file',
    description: 'Read the contents of a file',
    strict: true,
    parameters: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        path: { type: 'string', description: 'The path of the file' },
        offset: { type: ['integer', 'null'], exclusiveMinimum: 0 },
        mode: { anyOf: [{ const: 'text' }, { const: 'binary' }] },
      },
      required: ['path', 'offset', 'mode'],
      additionalProperties: false,
    },
  },
}

/** The parameters of every OpenClaw request. */
const REQUEST = {
  stream: true,
  stream_options: { include_usage: true },
  store: false,
  max_completion_tokens: 8192,
  reasoning_effort: 'high',
  tool_choice: 'auto',
  tools: [READ],
}
const DEVELOPER = { role: 'developer', content: 'You are OpenClaw. Be brief.' }
const HISTORY = [
  DEVELOPER,
  { role: 'user', content: 'Look at it' },
  {
    role: 'assistant',
    content: null,
    reasoning_content: 'I should read the file',
    tool_calls: [
      callOf('call0123456789012345678901234567890123456', '{"path":"a.md"}'),
      callOf('call1123456789012345678901234567890123456', '{"path":"b.md"}'),
    ],
  },
  { role: 'tool', tool_call_id: 'call0123456789012345678901234567890123456', content: 'A' },
  { role: 'tool', tool_call_id: 'call1123456789012345678901234567890123456', content: 'B' },
  { role: 'assistant', content: 'A and B' },
  { role: 'user', content: 'Thanks' },
]

/** Cohere models have separate cases. */
const EXCLUDED = /^cohere\./

const models = [...MODELS.values()].filter(({ name, capability, retired = '' }) =>
  capability === 'CHAT' && !(Date.parse(retired) <= Date.now()) && !EXCLUDED.test(name)
)

describe('OpenClaw', () => {
  it('O01 is tested with all models except those of Cohere', () => {
    assert.ok(models.length >= 35, `${models.length} models`)
  })

  for (const { name: model } of models) {
    it(`O01 O02 O04 chats with ${model}, with and without a history, and calls a tool`, async () => {
      const { ask, stream } = await openTestGateway()
      for (const messages of [[DEVELOPER, { role: 'user', content: 'Hello' }], HISTORY]) {
        const body = { ...REQUEST, model, messages }
        const streamed = await stream(body)
        assert.deepEqual(streamed.finishReasons, ['stop'])
        assert.match(streamed.messages[0]?.content ?? '', /This is the simulator speaking/)
        assert.ok(Object(streamed.usage).prompt_tokens > 0)
        assert.ok(Object(streamed.usage).completion_tokens > 0)
        const { reply } = await ask({ ...body, stream: false })
        assert.deepEqual(streamed.messages, reply.choices.map(({ message }) => message))
        assert.deepEqual(streamed.usage, reply.usage)
      }
      const messages = [DEVELOPER, { role: 'user', content: 'Use read_file for "a.md"' }]
      const { messages: [message], finishReasons } = await stream({ ...REQUEST, model, messages })
      assert.deepEqual(finishReasons, ['tool_calls'])
      const [call] = message?.tool_calls ?? []
      assert.match(call?.id ?? '', /^[\w-]{1,40}$/)
      assert.equal(call?.function.name, 'read_file')
      assert.equal(JSON.parse(call?.function.arguments ?? '').path, 'a.md')
    })
  }

  it('O02 sends back calls without content, long ids and reasoning', async () => {
    const { stream } = await openTestGateway()
    const { sent, warnings } = await stream({ ...REQUEST, model: GPT, messages: HISTORY })
    const json = JSON.stringify(sent)
    assert.match(json, /"id":"call0123456789012345678901234567890123456"/)
    assert.doesNotMatch(json, /I should read/)
    assert.deepEqual(warnings, [])
  })

  for (const model of [GPT, 'google.gemini-2.5-pro', 'meta.llama-3.3-70b-instruct', 'xai.grok-4']) {
    it(`O03 sends no tools to ${model} with a history of calls`, async () => {
      const { stream } = await openTestGateway()
      const { sent, finishReasons } = await stream({
        ...REQUEST,
        model,
        messages: HISTORY,
        tools: [],
      })
      assert.deepEqual(finishReasons, ['stop'])
      const request = sent.at(-1)
      assert.deepEqual([request?.['tools'], request?.['toolChoice']], [undefined, undefined])
      assert.equal(JSON.stringify(request).split('"role":"TOOL"').length - 1, 2)
    })
  }

  it('O05 receives heartbeats from a model that reasons for ninety seconds', async () => {
    // A hundred times faster than real: a heartbeat every 0.1 seconds instead of every 10.
    const { stream } = await openTestGateway({
      config: { heartbeatSeconds: 0.1, timeouts: { streamStartSeconds: 0.1 } },
    })
    const content = 'Reply PONG [[sim:first-delay=900]]'
    const { chunks, messages } = await stream({
      ...REQUEST,
      model: GPT,
      messages: [DEVELOPER, { role: 'user', content }],
    })
    const beats = chunks.filter(({ choices: [choice] }) =>
      choice?.finish_reason === null && Object.keys(choice.delta).length === 0
    )
    // Its watchdog counts events, not comments, and waits for 120 seconds.
    assert.ok(beats.length >= 2, `${beats.length} beats`)
    assert.match(messages[0]?.content ?? '', /PONG/)
  })

  it('O06 receives context_length_exceeded for a long conversation', async () => {
    const { fail } = await openTestGateway()
    const content = 'Hi [[sim:context-length]]'
    const { status, error } = await fail({
      ...REQUEST,
      model: GPT,
      messages: [DEVELOPER, { role: 'user', content }],
    })
    assert.deepEqual([status, error.code], [400, 'context_length_exceeded'])
    assert.match(error.message, /^This model's maximum context length is 400000 tokens\./)
  })

  it('O07 receives a 429 with Retry-After', async () => {
    const { fail } = await openTestGateway()
    const content = 'Hi [[sim:status=429]]'
    const { status, headers, error } = await fail({
      ...REQUEST,
      model: GPT,
      messages: [DEVELOPER, { role: 'user', content }],
    })
    assert.deepEqual([status, error.code], [429, 'rate_limit_exceeded'])
    assert.match(error.message, /^Rate limit exceeded/)
    assert.ok(Number(headers.get('retry-after')) >= 1)
  })

  it('O08 reads the context window of the listed models', async () => {
    const { fetch } = await openTestGateway()
    const { data } = await (await fetch('/v1/models')).json()
    const found = data.find(({ id }: { id: string }) => id === GPT)
    const { created, ...card } = found
    assert.ok(Number.isInteger(created))
    assert.deepEqual(
      {
        id: card.id,
        object: card.object,
        owned_by: card.owned_by,
        context_length: card.context_length,
        context_window: card.context_window,
        max_model_len: card.max_model_len,
        meta: card.meta,
        input_modalities: card.architecture.input_modalities,
      },
      {
        id: GPT,
        object: 'model',
        owned_by: 'openai',
        context_length: 400_000,
        context_window: 400_000,
        max_model_len: 400_000,
        meta: { n_ctx_train: 400_000 },
        input_modalities: ['text', 'image'],
      },
    )
  })

  it('O09 reaches the same model with and without its provider prefix', async () => {
    const { stream } = await openTestGateway()
    for (const model of [GPT, `oci/${GPT}`]) {
      const { calls: [call] } = await stream({
        ...REQUEST,
        model,
        messages: [{ role: 'user', content: 'Hi' }],
      })
      assert.deepEqual(call?.json['servingMode'], { servingType: 'ON_DEMAND', modelId: GPT })
    }
  })

  for (const model of [GPT, 'google.gemini-2.5-pro', 'xai.grok-4']) {
    it(`O11 sends ${model} the image of a tool result`, async () => {
      const { stream } = await openTestGateway()
      const { sent, messages: [answer] } = await stream({
        ...REQUEST,
        model,
        messages: [
          { role: 'user', content: 'Take a screenshot' },
          { role: 'assistant', content: null, tool_calls: [callOf('call1', '{"path":"s.png"}')] },
          {
            role: 'tool',
            tool_call_id: 'call1',
            content: [{ type: 'text', text: 'taken' }, {
              type: 'image_url',
              image_url: { url: PNG },
            }],
          },
        ],
      })
      const messages = sent.at(-1)?.['messages']
      assert.ok(Array.isArray(messages))
      assert.deepEqual(messages.slice(-2), [
        { role: 'TOOL', toolCallId: 'call1', content: [{ type: 'TEXT', text: 'taken' }] },
        { role: 'USER', content: [{ type: 'IMAGE', imageUrl: { url: PNG } }] },
      ])
      assert.match(answer?.content ?? '', /image 1 of 1/)
    })
  }

  for (const output of ['(exec ls)', 'exec(rm -rf /)', '`rm -rf /` $(reboot)']) {
    it(`O12 receives the text ${output} unchanged and no tool call`, async () => {
      const whole = await openTestGateway({ upstream: saying(text(output)) })
      const streaming = await openTestGateway({ upstream: events(piece(text(output)), finish()) })
      const body = { ...REQUEST, model: GPT, messages: [{ role: 'user', content: 'Hi' }] }
      const { reply } = await whole.ask({ ...body, stream: false })
      const { messages, finishReasons } = await streaming.stream(body)
      const message = { role: 'assistant', content: output, refusal: null }
      assert.deepEqual([reply.choices[0]?.message, ...messages], [message, message])
      assert.deepEqual([reply.choices[0]?.finish_reason, ...finishReasons], ['stop', 'stop'])
    })
  }
})

function callOf(id: string, json: string): object {
  return { id, type: 'function', function: { name: 'read_file', arguments: json } }
}
