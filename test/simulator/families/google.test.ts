import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller, message } from '../caller.ts'
import { call, eventsFor, fragment, refusalOf, replyFor, round, say, text } from './shapes.ts'

const FLASH = 'google.gemini-2.5-flash'
const PRO = 'google.gemini-2.5-pro'
const UNPAIRED =
  '400 Please ensure that the number of function response parts is equal to the number of ' +
  'function call parts of the function call turn.'
const DOCUMENT = { type: 'DOCUMENT', documentUrl: { url: 'data:application/pdf;base64,AAAA' } }

const conversations: [name: string, messages: object[], expected: string | undefined][] = [
  ['rejects parallel calls', round(['a', 'b'], ['a', 'b'], '.'), UNPAIRED],
  ['rejects a call without its result', round(['a'], [], '.'), UNPAIRED],
  ['rejects a call without text', round(['a'], ['a']), '400 Message content cannot be empty'],
  ['accepts pairs', [...round(['a'], ['a'], '.'), ...round(['b'], ['b'], '.')], undefined],
  ['accepts a document', [{ role: 'USER', content: [DOCUMENT] }], undefined],
]

const keywords: [keyword: string, schema: object, expected: string | undefined][] = [
  ['$ref', { $ref: '#/$defs/A' }, unknown('$ref')],
  ['$schema', { type: 'string', $schema: 'x' }, unknown('$schema')],
  [
    'additionalProperties',
    { type: 'object', additionalProperties: false },
    unknown('additionalProperties'),
  ],
  ['default', { type: 'string', default: 'x' }, unknown('default')],
  ['const', { const: 'x' }, unknown('const')],
  ['pattern', { type: 'string', pattern: 'x' }, unknown('pattern')],
  ['minLength', { type: 'string', minLength: 1 }, unknown('minLength')],
  ['exclusiveMinimum', { type: 'number', exclusiveMinimum: 0 }, unknown('exclusiveMinimum')],
  ['oneOf', { oneOf: [{ type: 'string' }] }, unknown('oneOf')],
  [
    'a list of types',
    { type: ['string', 'null'] },
    refusal('Proto field is not repeating, "type"'),
  ],
  ['format', { type: 'string', format: 'uri' }, refusal('only "enum" and "date-time" as "format"')],
  ['an array of nothing', { type: 'array' }, refusal('missing "items"')],
  [
    'a required stranger',
    { type: 'object', required: ['x'] },
    refusal('property "x" is not defined'),
  ],
  ['a date-time', { type: 'string', format: 'date-time' }, undefined],
  ['anyOf', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, undefined],
  ['a property called default', { type: 'object', properties: { default: {} } }, undefined],
  ['nullable', { type: 'string', nullable: true, description: 'x', enum: ['a'] }, undefined],
]

describe('GOOGLE', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, messages, expected] of conversations) {
    it(name, () => assert.equal(refusalOf(FLASH, { messages }), expected))
  }

  for (const [keyword, schema, expected] of keywords) {
    it(`${expected === undefined ? 'accepts' : 'rejects'} ${keyword} in a schema`, () => {
      const parameters = { type: 'object', properties: { a: schema } }
      const tools = [{ type: 'FUNCTION', name: 'f', parameters }]
      assert.equal(refusalOf(FLASH, { messages: [message('USER', 'Hi')], tools }), expected)
    })
  }

  it('streams complete calls without ids', async () => {
    assert.deepEqual(await eventsFor(caller, FLASH, call('sqrt', '{"a":16}')), [
      fragment({ name: 'sqrt', arguments: '{"a":16}' }),
      finish('', 'tool_calls'),
    ])
  })

  it('ends with an empty text', async () => {
    assert.deepEqual(await eventsFor(caller, FLASH, say('Yes.')), [
      text('Yes.'),
      finish('', 'stop'),
    ])
  })

  it('ends with the last delta and STOP for Pro', async () => {
    assert.deepEqual(await eventsFor(caller, PRO, say('Yes, sir.')), [
      text('Yes,'),
      finish(' sir.', 'STOP'),
    ])
  })

  it('ends tool calls with STOP for Pro', async () => {
    const events = await eventsFor(caller, PRO, call('sqrt', '{}'))
    assert.deepEqual(events.at(-1), finish('', 'STOP'))
  })

  it('omits completion tokens if reasoning used up the limit', async () => {
    const reply = await replyFor(caller, FLASH, say('Yes.'), { maxTokens: 5 })
    assert.deepEqual(reply, {
      modelId: FLASH,
      modelVersion: '1.0.0',
      chatResponse: {
        apiFormat: 'GENERIC',
        timeCreated: '2026-11-22T12:00:00.000Z',
        choices: [{
          index: 0,
          message: { role: 'ASSISTANT' },
          finishReason: 'length',
          logprobs: {},
        }],
        usage: {
          promptTokens: 1,
          totalTokens: 6,
          completionTokensDetails: { acceptedPredictionTokens: 0, reasoningTokens: 5 },
        },
      },
    })
  })
})

function finish(words: string, finishReason: string): object {
  const content = [{ type: 'TEXT', text: words }]
  return { message: { role: 'ASSISTANT', content }, finishReason }
}

function unknown(keyword: string): string {
  return refusal(`Unknown name "${keyword}"`)
}

function refusal(problem: string): string {
  return `400 Invalid JSON payload received. ${problem} at 'tools.f.parameters.properties.a': ` +
    'Cannot find field.'
}
