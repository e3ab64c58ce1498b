import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '../../src/errors.ts'
import { decodeRequest } from '../../src/openai/chat/decode.ts'
import { ChatCompletionRequest } from '../../src/openai/chat/schema.ts'
import { DEFAULT_REQUEST_LIMITS } from '../../src/limits.ts'
import { readJson, unknownMembers } from '../../src/routes/read-json.ts'
import { bodyLimits, contextOf, post } from './request.ts'
import { anyCharacter } from '../characters.ts'

const CONTEXT = { body: bodyLimits(), limits: DEFAULT_REQUEST_LIMITS }
const HI = { role: 'user', content: 'Hi' }

const unreadable: [name: string, text: string, problem: string][] = [
  ['P32 text that is not JSON', 'model=x', 'must be valid JSON'],
  ['P32 incomplete JSON', '{"model":', 'must be valid JSON'],
  ['P32 an empty body', '', 'is empty. Send a JSON object'],
  ['P32 a blank body', ' \r\n', 'is empty. Send a JSON object'],
  ['P32 a list', '[]', 'must be a JSON object'],
  ['P32 a string', '"x"', 'must be a JSON object'],
  ['P32 null', 'null', 'must be a JSON object'],
]

const invalid: [name: string, part: object, param: string, problem: string][] = [
  ['P33 no model', { model: undefined }, 'model', 'is required'],
  ['P33 a model that is not a string', { model: 1 }, 'model', 'must be a string'],
  ['P33 an empty model', { model: '' }, 'model', 'must not be empty'],
  ['M26 no messages', { messages: undefined }, 'messages', 'is required'],
  ['M26 an empty list of messages', { messages: [] }, 'messages', 'must not be empty'],
  [
    'M26 messages that are not a list',
    { messages: 'Hi' },
    'messages',
    'must be a list of messages',
  ],
  [
    'M26 an unknown role',
    { messages: [HI, { role: 'bot', content: 'x' }] },
    'messages[1].role',
    'must be "system", "developer", "user", "assistant", "tool" or "function", not "bot"',
  ],
  [
    'an image part without its image',
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url' }] }] },
    'messages[0].content[1].image_url',
    'is required',
  ],
  [
    'a content that is a number',
    { messages: [{ role: 'user', content: 7 }] },
    'messages[0].content',
    'must be a string or an array, not 7',
  ],
  ['P06 a limit of 0', { max_tokens: 0 }, 'max_tokens', 'must be 1 or more'],
  ['P06 a limit of -1', { max_tokens: -1 }, 'max_tokens', 'must be 1 or more'],
  ['P06 a limit in quotes', { max_tokens: '10' }, 'max_tokens', 'must be a number, not "10"'],
  ['a fractional limit', { max_tokens: 1.5 }, 'max_tokens', 'must be a whole number'],
  [
    'a function without a name',
    { tools: [{ type: 'function', function: {} }] },
    'tools[0].function.name',
    'is required',
  ],
  [
    'parameters that are a list',
    { tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
    'tools[0].function.parameters',
    'must be an object',
  ],
  [
    'an unknown choice',
    { tool_choice: 'any' },
    'tool_choice',
    'must be "auto", "none", "required", or an object that names a function',
  ],
  [
    'a choice of a function without a name',
    { tool_choice: { type: 'function', function: {} } },
    'tool_choice.function.name',
    'is required',
  ],
  ['stop sequences that are numbers', { stop: [1] }, 'stop[0]', 'must be a string, not 1'],
  [
    'a bias that is a string',
    { logit_bias: { 5: 'x' } },
    'logit_bias[5]',
    'must be a number, not "x"',
  ],
  [
    'a long value',
    { stream: 'x'.repeat(1_000) },
    'stream',
    `must be a boolean, not "${'x'.repeat(59)}`,
  ],
]

describe('readJson()', () => {
  for (const [name, text, problem] of unreadable) {
    it(`rejects ${name}`, async () => {
      await assert.rejects(read(post(text)), {
        name: 'ApiError',
        code: 'invalid_request',
        param: undefined,
        message: `The request body ${problem}`,
      })
    })
  }

  for (const [name, part, param, problem] of invalid) {
    it(`rejects ${name}`, async () => {
      await assert.rejects(read(post(json({ model: 'm', messages: [HI], ...part }))), {
        name: 'ApiError',
        code: 'invalid_request',
        param,
        message: `"${param}" ${problem}`,
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
    it(`P32 accepts JSON with the content type "${type}"`, async () => {
      const request = post(json({ model: 'm', messages: [HI] }), { 'content-type': type })
      assert.equal((await read(request)).model, 'm')
    })
  }

  it('skips a byte order mark', async () => {
    const text = `\ufeff${json({ model: 'm', messages: [HI] })}`
    const length = String(new TextEncoder().encode(text).length)
    assert.equal((await read(post(text))).model, 'm')
    assert.equal((await read(post(text, { 'content-length': length }))).model, 'm')
  })

  it('rejects deep nesting', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    await assert.rejects(read(post(`{"model":${deep}}`)), { code: 'invalid_request' })
  })

  it('rejects a form', async () => {
    const form = new FormData()
    form.set('model', 'm')
    await assert.rejects(read(post(form)), {
      name: 'ApiError',
      code: 'unsupported_media_type',
      message: 'The request body must be JSON, not a multipart form',
    })
  })

  it('E18 rejects a body that is too large', async () => {
    const context = { ...CONTEXT, body: bodyLimits({ maxBodyBytes: 1 }) }
    await assert.rejects(readJson(contextOf(post('{}')), ChatCompletionRequest, context), {
      code: 'request_too_large',
    })
  })

  it('rejects nesting over the limit before parsing', async () => {
    for (const levels of [129, 900_000]) {
      await assert.rejects(read(post(`{"messages":${'['.repeat(levels)}`)), {
        code: 'invalid_request',
        message: 'The request body must be nested at most 128 levels deep',
      })
    }
  })

  it('F2: rejects too many JSON values before parsing', async () => {
    await assert.rejects(read(post(`{"messages":[${'1,'.repeat(250_000)}`)), {
      code: 'invalid_request',
      message: 'The request body must have at most 250000 JSON values (limits.maxJsonValues)',
    })
  })

  it('returns a value or throws a client error, for any body', async () => {
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

  it('returns bodies that decodeRequest() decodes or rejects, for any body', async () => {
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

const SCHEMA = { entries: { model: 1, input: 1 } }

describe('unknownMembers()', () => {
  it('names fields that are not in the schema', () => {
    const body = { model: 'm', colour: 'red', constructor: 'x' }
    assert.deepEqual(unknownMembers(body, SCHEMA), [
      'colour: not known, left out',
      'constructor: not known, left out',
    ])
  })

  it('ignores fields without a value and user ids', () => {
    const body = { model: null, colour: null, shade: undefined, user: 'u', safety_identifier: 's' }
    assert.deepEqual(unknownMembers(body, SCHEMA), [])
  })
})

function read(request: Request): Promise<ChatCompletionRequest> {
  return readJson(contextOf(request), ChatCompletionRequest, CONTEXT)
}

function json(value: unknown): string {
  return JSON.stringify(value)
}

/** Bodies, many of them valid requests, others with single invalid values. */
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
