import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message } from '../../../../src/chat/model.ts'
import { text, user } from '../generic/request.ts'
import { assistant, call, pick, result, send, system } from './send.ts'

type Case = [name: string, messages: readonly Message[], sent: object]

const F1 = { name: 'f', parameters: { x: 1 } }
const F2 = { name: 'f', parameters: { x: 2 } }
const question = user([text('u')])
const U = { role: 'USER', message: 'u' }
const toolCall = assistant('', call('1', 'f', '{"x":1}'))
const twice = assistant('', call('1', 'f', '{"x":1}'), call('2', 'f', '{"x":2}'))
const CALLING = { role: 'CHATBOT', message: ' ', toolCalls: [F1] }
const ANSWER = { call: F1, outputs: [{ output: '42' }] }

const cases: Case[] = [
  ['sends a single message without a history', [question], { message: 'u' }],
  [
    'sends earlier messages as history',
    [question, assistant('ok'), user([text('next')])],
    { message: 'next', chatHistory: [U, { role: 'CHATBOT', message: 'ok' }] },
  ],
  [
    'K10 sends the last results separately, and their question as history',
    [system('s'), question, toolCall, result('1', '42')],
    { message: '', chatHistory: [U, CALLING], toolResults: [ANSWER] },
  ],
  [
    'K12 sends earlier results as history',
    [question, toolCall, result('1', '42'), assistant('ok'), user([text('next')])],
    {
      message: 'next',
      chatHistory: [
        U,
        CALLING,
        { role: 'TOOL', toolResults: [ANSWER] },
        { role: 'CHATBOT', message: 'ok' },
      ],
    },
  ],
  [
    'adds a model turn between results and a user message',
    [question, twice, result('1', '42'), result('2', '43'), user([text('next')])],
    {
      message: 'next',
      chatHistory: [
        U,
        { role: 'CHATBOT', message: ' ', toolCalls: [F1, F2] },
        { role: 'TOOL', toolResults: [ANSWER, { call: F2, outputs: [{ output: '43' }] }] },
        { role: 'CHATBOT', message: ' ' },
      ],
    },
  ],
  [
    'T30 sends the results of parallel calls in one entry',
    [question, twice, result('1', 'a'), result('2', 'b')],
    {
      message: '',
      chatHistory: [U, { role: 'CHATBOT', message: ' ', toolCalls: [F1, F2] }],
      toolResults: [
        { call: F1, outputs: [{ output: 'a' }] },
        { call: F2, outputs: [{ output: 'b' }] },
      ],
    },
  ],
  [
    'separates rounds of tool calls',
    [
      question,
      toolCall,
      result('1', '42'),
      assistant('more', call('2', 'f', '{"x":2}')),
      result('2', ''),
    ],
    {
      message: '',
      chatHistory: [
        U,
        CALLING,
        { role: 'TOOL', toolResults: [ANSWER] },
        { role: 'CHATBOT', message: 'more', toolCalls: [F2] },
      ],
      toolResults: [{ call: F2, outputs: [{ output: '(no output)' }] }],
    },
  ],
  [
    'K19 sends a blank for a turn without text',
    [question, assistant(''), user([text('next')])],
    { message: 'next', chatHistory: [U, { role: 'CHATBOT', message: ' ' }] },
  ],
  ['M28 sends no name', [user([text('u')], 'bob')], { message: 'u' }],
  ['joins the texts of a message', [user([text('a'), text('b')])], { message: 'a\nb' }],
  [
    'sends a refusal as text',
    [question, { ...assistant('a'), refusal: 'no' }, user([text('next')])],
    { message: 'next', chatHistory: [U, { role: 'CHATBOT', message: 'a\nno' }] },
  ],
  [
    'replaces halves of surrogate pairs',
    [user([text('\ud800')])],
    { message: '\ufffd' },
  ],
]

describe('encodeRequest()', () => {
  for (const [name, messages, sent] of cases) {
    it(name, () => {
      const { body, warnings } = send({ messages })
      assert.deepEqual(pick(body, 'message', 'chatHistory', 'toolResults'), sent)
      assert.deepEqual(warnings, [])
    })
  }
})

const outputs: [output: string, sent: unknown][] = [
  ['text', [{ output: 'text' }]],
  ['42', [{ output: '42' }]],
  ['"text"', [{ output: '"text"' }]],
  ['{"a":{"b":[1]}}', [{ a: { b: [1] } }]],
  ['[{"a":1},{"b":2}]', [{ a: 1 }, { b: 2 }]],
  ['[1,{"a":1}]', [{ output: '[1,{"a":1}]' }]],
  ['[]', [{ output: '[]' }]],
  ['{"a":', [{ output: '{"a":' }]],
  ['{"id":12345678901234567890}', [{ output: '{"id":12345678901234567890}' }]],
  ['{"__proto__":{"a":1}}', [JSON.parse('{"__proto__":{"a":1}}')]],
]

const parameters: [args: string, sent: unknown][] = [
  ['{"s":"it\'s \\"x\\"","n":null,"b":true}', { s: 'it\'s "x"', n: null, b: true }],
  ['', {}],
  ["{'a': 1}", {}],
  ['[1]', { arguments: [1] }],
  ['{"__proto__":1}', JSON.parse('{"__proto__":1}')],
]

describe('encodeRequest()', () => {
  it('K11 allows several steps: an empty message with results, no forced step', () => {
    const { body } = send({ messages: [question, toolCall, result('1', '42')] })
    assert.equal(body['message'], '')
    assert.equal(body['isForceSingleStep'], undefined)
  })

  for (const [output, sent] of outputs) {
    it(`K13 sends the output ${output}`, () => {
      const { body } = send({ messages: [question, toolCall, result('1', output)] })
      assert.deepEqual(body['toolResults'], [{ call: F1, outputs: sent }])
    })
  }

  for (const [args, sent] of parameters) {
    it(`K05 T25 sends the arguments ${args} as an object`, () => {
      const messages = [question, assistant('', call('1', 'f', args)), result('1', 'a')]
      const call1 = { name: 'f', parameters: sent }
      assert.deepEqual(pick(send({ messages }).body, 'chatHistory', 'toolResults'), {
        chatHistory: [U, { role: 'CHATBOT', message: ' ', toolCalls: [call1] }],
        toolResults: [{ call: call1, outputs: [{ output: 'a' }] }],
      })
    })
  }
})

const CONTINUE = 'messages: this model needs a user message, "Continue." is added'
const SYSTEM_TEXT = 'messages: the last system text is sent as user text'

const unanswerable: [
  name: string,
  messages: readonly Message[],
  sent: object,
  ...warnings: string[],
][] = [
  [
    'only instructions',
    [system('a'), system('s')],
    { message: 's', preambleOverride: 'a' },
    SYSTEM_TEXT,
  ],
  [
    'results without a user message',
    [toolCall, result('1', '42')],
    { message: '', preambleOverride: undefined },
    CONTINUE,
  ],
  [
    'M25 a prefill',
    [system('s'), question, assistant('Sure,')],
    { message: 'Continue.', preambleOverride: 's' },
    CONTINUE,
  ],
  [
    'instructions after a reply',
    [question, assistant('Sure,'), system('s')],
    { message: 's', preambleOverride: undefined },
    SYSTEM_TEXT,
  ],
  [
    'a reply to instructions',
    [system('s'), assistant('Sure,')],
    { message: 'Continue.', preambleOverride: undefined },
    SYSTEM_TEXT,
    CONTINUE,
  ],
]

describe('encodeRequest()', () => {
  for (const [name, messages, expected, ...expectedWarnings] of unanswerable) {
    it(`ends ${name} with a user message`, () => {
      const { body, warnings } = send({ messages })
      const { message, preambleOverride } = body
      assert.deepEqual({ message, preambleOverride }, expected)
      assert.deepEqual(warnings, expectedWarnings)
    })
  }
})
