import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller, message } from '../caller.ts'
import { call, eventsFor, fragment, refusalOf, round, say, text } from './shapes.ts'

const TWO = `${call('sqrt', '{"arg0": 16}')}${call('add', '{"a": 7}')}`
const WRONG_FIELD =
  "400 Invalid 'maxTokens': Unsupported parameter: 'maxTokens' is not supported " +
  "with this model. Use 'maxCompletionTokens' instead."
const AUDIO = { type: 'AUDIO', audioUrl: { url: 'data:audio/mp3;base64,AAAA' } }
const LOOSE = { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] }

const refused: [name: string, model: string, fields: object, expected: string | undefined][] = [
  ['rejects maxTokens to GPT-5', 'openai.gpt-5', { maxTokens: 9 }, WRONG_FIELD],
  ['rejects maxTokens to GPT-5.2', 'openai.gpt-5.2', { maxTokens: 9 }, WRONG_FIELD],
  ['rejects maxTokens to o3', 'openai.o3-mini', { maxTokens: 9 }, WRONG_FIELD],
  ['accepts maxTokens with GPT-4.1', 'openai.gpt-4.1', { maxTokens: 9 }, undefined],
  ['accepts maxCompletionTokens', 'openai.gpt-5', { maxCompletionTokens: 9 }, undefined],
  [
    'rejects a temperature to GPT-5',
    'openai.gpt-5',
    { temperature: 0.2 },
    nested(
      "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) " +
        'value is supported.',
      'temperature',
      'unsupported_value',
    ),
  ],
  [
    'rejects a topP to o1',
    'openai.o1',
    { temperature: 1, topP: 0.5 },
    nested(
      "Unsupported value: 'top_p' does not support 0.5 with this model. Only the default (1) value " +
        'is supported.',
      'top_p',
      'unsupported_value',
    ),
  ],
  ['accepts the default temperature', 'openai.gpt-5', { temperature: 1, topP: 1 }, undefined],
  ['accepts a temperature with GPT-4', 'openai.gpt-4o', { temperature: 0.2 }, undefined],
  [
    'rejects reasoningEffort to GPT-4',
    'openai.gpt-4.1',
    { reasoningEffort: 'LOW' },
    nested(
      'This model does not support `reasoning_effort`',
      'reasoning_effort',
      'unsupported_parameter',
    ),
  ],
  ['accepts reasoningEffort with GPT-5', 'openai.gpt-5', { reasoningEffort: 'LOW' }, undefined],
  [
    'fails on JSON_OBJECT',
    'openai.gpt-4.1',
    { responseFormat: { type: 'JSON_OBJECT' } },
    '500 Internal Server Error',
  ],
  [
    'fails on JSON_OBJECT with gpt-oss too',
    'openai.gpt-oss-120b',
    { responseFormat: { type: 'JSON_OBJECT' } },
    '500 Internal Server Error',
  ],
  [
    'rejects a recording',
    'openai.gpt-4.1',
    { messages: [{ role: 'USER', content: [AUDIO] }] },
    nested(
      'Content blocks are expected to be either text or image_url type',
      'messages',
      'invalid_value',
    ),
  ],
  [
    'requires a result for every call',
    'openai.gpt-4.1',
    { messages: round(['a', 'b'], ['a']) },
    nested(
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each " +
        "'tool_call_id'. The following tool_call_ids did not have response messages: b",
      'messages',
      'invalid_value',
    ),
  ],
  [
    'accepts parallel calls',
    'openai.gpt-4.1',
    { messages: round(['a', 'b'], ['b', 'a']) },
    undefined,
  ],
  [
    'accepts DEVELOPER',
    'openai.gpt-4.1',
    { messages: [message('DEVELOPER', 'Be brief'), message('USER', 'Hi')] },
    undefined,
  ],
  [
    'rejects a strict schema that allows more',
    'openai.gpt-4.1',
    schema(LOOSE, true),
    nested(
      "Invalid schema for response_format 'answer': In context=(), 'additionalProperties' is " +
        "required to be supplied and to be false, and 'required' is required to include every key " +
        'in properties.',
      'response_format',
      'invalid_json_schema',
    ),
  ],
  ['accepts it when it is not strict', 'openai.gpt-4.1', schema(LOOSE, false), undefined],
  [
    'accepts a strict schema',
    'openai.gpt-4.1',
    schema({ ...LOOSE, additionalProperties: false }, true),
    undefined,
  ],
]

describe('OPENAI', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, model, fields, expected] of refused) {
    it(name, () => {
      assert.equal(refusalOf(model, { messages: [message('USER', 'Hi')], ...fields }), expected)
    })
  }

  it('streams text', async () => {
    assert.deepEqual(await eventsFor(caller, 'openai.gpt-4.1', say('Yes, sir.')), [
      text('Yes,'),
      text(' sir.'),
      { message: { role: 'ASSISTANT' }, finishReason: 'stop' },
      '[DONE]',
    ])
  })

  it('streams calls that start with empty arguments, all at the first index', async () => {
    assert.deepEqual(await eventsFor(caller, 'openai.gpt-4.1', TWO), [
      fragment({ id: 'call_#', name: 'sqrt', arguments: '' }),
      fragment({ arguments: '{"arg0": ' }),
      fragment({ arguments: '16}' }),
      fragment({ id: 'call_#', name: 'add', arguments: '' }),
      fragment({ arguments: '{"a": 7}' }),
      { message: { role: 'ASSISTANT' }, finishReason: 'tool_calls' },
      '[DONE]',
    ])
  })
})

describe('GPT_OSS', () => {
  it('streams its reasoning and omits [DONE]', async () => {
    const events = await eventsFor(await createCaller(), 'openai.gpt-oss-20b', say('Yes.'))
    assert.deepEqual([events[0], events.at(-1)], [
      { index: 0, message: { role: 'ASSISTANT', reasoningContent: 'The' } },
      { message: { role: 'ASSISTANT' }, finishReason: 'stop' },
    ])
  })
})

function nested(message: string, param: string, code: string): string {
  const error = { message, type: 'invalid_request_error', param, code }
  return `400 ${JSON.stringify({ error })}`
}

function schema(schema: object, isStrict: boolean): object {
  const jsonSchema = { name: 'answer', schema, isStrict }
  return { responseFormat: { type: 'JSON_SCHEMA', jsonSchema } }
}
