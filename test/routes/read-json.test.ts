import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '../../src/errors.ts'
import { decodeRequest } from '../../src/openai/chat/decode.ts'
import { ChatCompletionRequest } from '../../src/openai/chat/schema.ts'
import { DEFAULT_REQUEST_LIMITS } from '../../src/limits.ts'
import { readJson } from '../../src/routes/read-json.ts'
import { bodyLimits, contextOf, post } from './request.ts'
import { anyCharacter } from '../characters.ts'

const CONTEXT = { body: bodyLimits(), limits: DEFAULT_REQUEST_LIMITS }
const HI = { role: 'user', content: 'Hi' }

const unreadable: [name: string, text: string, state: string][] = [
  ['P32 no JSON', 'model=x', 'it is not JSON'],
  ['P32 half of it', '{"model":', 'it is not JSON'],
  ['P32 nothing', '', 'it is empty'],
  ['P32 nothing but blanks', ' \r\n', 'it is empty'],
  ['P32 a list', '[]', 'it must be a JSON object'],
  ['P32 a text', '"x"', 'it must be a JSON object'],
  ['P32 null', 'null', 'it must be a JSON object'],
]

const misplaced: [name: string, part: object, param: string, state: string][] = [
  ['P33 no model', { model: undefined }, 'model', 'it is missing'],
  ['P33 a model that is no text', { model: 1 }, 'model', 'it must be a string'],
  ['P33 an empty model', { model: '' }, 'model', 'it must not be empty'],
  ['M26 no messages', { messages: undefined }, 'messages', 'it is missing'],
  ['M26 an empty list of messages', { messages: [] }, 'messages', 'it must not be empty'],
  ['M26 messages that are none', { messages: 'Hi' }, 'messages', 'it must be a list of messages'],
  [
    'M26 a role nobody has',
    { messages: [HI, { role: 'bot', content: 'x' }] },
    'messages[1].role',
    'it must be "system" | "developer" | "user" | "assistant" | "tool" | "function", not "bot"',
  ],
  [
    'a part without its picture',
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url' }] }] },
    'messages[0].content[1].image_url',
    'it is missing',
  ],
  [
    'a part of a kind nobody knows',
    { messages: [{ role: 'user', content: [{ type: 'smell' }] }] },
    'messages[0].content[0].type',
    'it must be "text" | "image_url" | "video_url" | "input_audio" | "file", not "smell"',
  ],
  [
    'a content that is a number',
    { messages: [{ role: 'user', content: 7 }] },
    'messages[0].content',
    'it must be string | Array, not 7',
  ],
  ['P06 a limit of 0', { max_tokens: 0 }, 'max_tokens', 'it must be 1 or more'],
  ['P06 a limit of -1', { max_tokens: -1 }, 'max_tokens', 'it must be 1 or more'],
  ['P06 a limit in quotes', { max_tokens: '10' }, 'max_tokens', 'it must be number, not "10"'],
  ['half a token', { max_tokens: 1.5 }, 'max_tokens', 'it must be a whole number'],
  [
    'a function without a name',
    { tools: [{ type: 'function', function: {} }] },
    'tools[0].function.name',
    'it is missing',
  ],
  [
    'parameters that are a list',
    { tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
    'tools[0].function.parameters',
    'it must be an object',
  ],
  [
    'a choice nobody knows',
    { tool_choice: 'any' },
    'tool_choice',
    'it must be "auto", "none", "required", or an object that names a function',
  ],
  [
    'a choice of a function without a name',
    { tool_choice: { type: 'function', function: {} } },
    'tool_choice.function.name',
    'it is missing',
  ],
  ['stop words that are numbers', { stop: [1] }, 'stop[0]', 'it must be string, not 1'],
  [
    'a bias that is a text',
    { logit_bias: { 5: 'x' } },
    'logit_bias[5]',
    'it must be number, not "x"',
  ],
  [
    'a long value',
    { stream: 'x'.repeat(1_000) },
    'stream',
    `it must be boolean, not "${'x'.repeat(59)}`,
  ],
]

describe('readJson()', () => {
  for (const [name, text, state] of unreadable) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(read(post(text)), {
        name: 'ApiError',
        code: 'invalid_request',
        param: undefined,
        message: `Cannot read the body: ${state}`,
      })
    })
  }

  for (const [name, part, param, state] of misplaced) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(read(post(json({ model: 'm', messages: [HI], ...part }))), {
        name: 'ApiError',
        code: 'invalid_request',
        param,
        message: `Cannot read "${param}": ${state}`,
      })
    })
  }

  const types = [
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-8',
    '',
  ]
  for (const type of types) {
    it(`P32 reads JSON under the name of "${type}"`, async () => {
      const request = post(json({ model: 'm', messages: [HI] }), { 'content-type': type })
      assert.equal((await read(request)).model, 'm')
    })
  }

  it('reads past a byte order mark', async () => {
    const text = `\ufeff${json({ model: 'm', messages: [HI] })}`
    const length = String(new TextEncoder().encode(text).length)
    assert.equal((await read(post(text))).model, 'm')
    assert.equal((await read(post(text, { 'content-length': length }))).model, 'm')
  })

  it('refuses what is nested beyond reason', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    await assert.rejects(read(post(`{"model":${deep}}`)), { code: 'invalid_request' })
  })

  it('refuses a form', async () => {
    const form = new FormData()
    form.set('model', 'm')
    await assert.rejects(read(post(form)), {
      name: 'ApiError',
      code: 'unsupported_media_type',
      message: 'Cannot read the body: it must be JSON, not a multipart form',
    })
  })

  it('E18 refuses what is too large', async () => {
    const context = { ...CONTEXT, body: bodyLimits({ maxBodyBytes: 1 }) }
    await assert.rejects(readJson(contextOf(post('{}')), ChatCompletionRequest, context), {
      code: 'request_too_large',
    })
  })

  it('refuses what is nested without end, before it is parsed', async () => {
    for (const levels of [129, 900_000]) {
      await assert.rejects(read(post(`{"messages":${'['.repeat(levels)}`)), {
        code: 'invalid_request',
        message: 'Cannot read the body: it is nested more than 128 levels deep',
      })
    }
  })

  it('F2: refuses more JSON values than are allowed, before it is parsed', async () => {
    await assert.rejects(read(post(`{"messages":[${'1,'.repeat(250_000)}`)), {
      code: 'invalid_request',
      message: 'Cannot read the body: it has more than 250000 JSON values (limits.maxJsonValues)',
    })
  })

  it('gives a value or says what is wrong, whatever the body', async () => {
    const text = fc.oneof(fc.string(), fc.json(), requests().map(json))
    await fc.assert(
      fc.asyncProperty(text, async (text) => {
        const outcome = await read(post(text)).catch((error: unknown) => error)
        if (!(outcome instanceof Error)) return
        assert.ok(outcome instanceof ApiError, String(outcome))
        assert.ok(outcome.status === 400 || outcome.status === 415, outcome.message)
      }),
      { numRuns: 500 },
    )
  })

  it('gives what decodeRequest() reads or refuses, whatever the body', async () => {
    await fc.assert(
      fc.asyncProperty(requests().map(json), async (text) => {
        const body = await read(post(text)).catch(() => undefined)
        if (body === undefined) return
        try {
          decodeRequest(body)
        } catch (error) {
          assert.ok(error instanceof ApiError, String(error))
        }
      }),
      { numRuns: 500 },
    )
  })
})

function read(request: Request): Promise<ChatCompletionRequest> {
  return readJson(contextOf(request), ChatCompletionRequest, CONTEXT)
}

function json(value: unknown): string {
  return JSON.stringify(value)
}

/** Bodies of which many are requests, and the others nearly so. */
function requests(): fc.Arbitrary<object> {
  const odd = fc.oneof(fc.constant(null), fc.jsonValue({ maxDepth: 2 }))
  const or = <T>(usual: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 60, arbitrary: usual as fc.Arbitrary<unknown> }, {
      weight: 1,
      arbitrary: odd,
    })
  const text = fc.string({ unit: anyCharacter })
  const part = fc.oneof(
    fc.record({ type: fc.constant('text'), text }),
    fc.record({ type: fc.constant('image_url'), image_url: or(text) }),
    fc.record({
      type: fc.constant('input_audio'),
      input_audio: or(fc.record({ data: text, format: text })),
    }),
    fc.record({ type: fc.constant('file'), file: or(fc.record({ file_data: or(text) })) }),
    fc.record({ type: fc.constant('refusal'), refusal: text }),
  )
  const called = or(fc.record({ name: or(text), arguments: or(text) }))
  const message = fc.record({
    role: or(fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool', 'function')),
    content: or(fc.oneof(text, fc.array(part, { maxLength: 3 }))),
    name: text,
    tool_call_id: or(text),
    tool_calls: or(fc.array(fc.record({ id: or(text), function: called }), { maxLength: 2 })),
    function_call: called,
    reasoning_content: or(text),
  }, { requiredKeys: ['role', 'content', 'name'] })
  const tool = fc.record({
    type: or(fc.constantFrom('function', 'function', 'custom', 'web_search')),
    function: or(fc.record({ name: or(text), description: or(text), parameters: or(fc.object()) })),
  })
  const format = fc.record({
    type: or(fc.constantFrom('text', 'json_object', 'json_schema')),
    json_schema: or(fc.record({ name: or(text), schema: or(fc.object()) })),
  })
  return fc.record({
    model: or(fc.string({ minLength: 1 })),
    messages: or(fc.array(message, { minLength: 1, maxLength: 4 })),
    max_tokens: or(fc.nat()),
    temperature: or(fc.double()),
    stop: or(fc.oneof(text, fc.array(text))),
    logprobs: or(fc.boolean()),
    top_logprobs: or(fc.nat(25)),
    tools: or(fc.array(tool, { maxLength: 2 })),
    tool_choice: or(fc.constantFrom('auto', 'none', 'required', 'any')),
    response_format: or(format),
    prediction: or(fc.record({ type: fc.constant('content'), content: or(text) })),
    web_search_options: or(fc.record({ user_location: odd })),
    metadata: or(fc.dictionary(text, or(text))),
    functions: odd,
  }, { requiredKeys: ['model', 'messages'] })
}
