import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkFields } from '../../src/simulator/check-fields.ts'
import { chatBody, message } from './caller.ts'

type Case = [name: string, value: unknown, expected: string | undefined]

const TEXT = { type: 'TEXT', text: 'Hi' }
const TOOL = { type: 'FUNCTION', name: 'f', parameters: { any: [null, { thing: 1 }] } }
const CALL = { type: 'FUNCTION', id: 'call_1', name: 'f', arguments: '{}' }

const cases: Case[] = [
  ['accepts a small request', generic({}), undefined],
  [
    'accepts every kind of value',
    generic({ isStream: true, temperature: 0.5, stop: ['a'] }),
    undefined,
  ],
  ['accepts an enum value', generic({ reasoningEffort: 'MINIMAL' }), undefined],
  ['accepts any value for any', generic({ tools: [TOOL] }), undefined],
  ['accepts a null content of an assistant', turn({ role: 'ASSISTANT', content: null }), undefined],
  ['accepts a turn with only calls', turn({ role: 'ASSISTANT', toolCalls: [CALL] }), undefined],
  ['accepts a dedicated endpoint', {
    ...chatBody('x', {}),
    servingMode: { servingType: 'DEDICATED', endpointId: 'e' },
  }, undefined],
  ['accepts Cohere', { ...chatBody('x', {}), chatRequest: cohere({}) }, undefined],
  ['accepts a map of models', {
    ...chatBody('x', {}),
    chatRequest: cohere({
      tools: [{ name: 'f', description: 'd', parameterDefinitions: { a: { type: 'str' } } }],
    }),
  }, undefined],
  ['rejects a value that is not an object', [], ': expected an object, got array'],
  ['rejects an unknown key at the top', { ...generic({}), stream: true }, 'stream: unknown field'],
  ['rejects a missing key', { chatRequest: {}, servingMode: {} }, 'compartmentId: missing'],
  ['rejects an unknown key', generic({ max_tokens: 5 }), 'chatRequest.max_tokens: unknown field'],
  ['rejects __proto__', JSON.parse('{"__proto__":1}'), '__proto__: unknown field'],
  [
    'rejects a string for a number',
    generic({ topK: '5' }),
    'chatRequest.topK: expected number, got string',
  ],
  [
    'rejects a number for a boolean',
    generic({ isStream: 1 }),
    'chatRequest.isStream: expected boolean, got number',
  ],
  [
    'rejects a boolean for a number',
    generic({ logProbs: true }),
    'chatRequest.logProbs: expected number, got boolean',
  ],
  [
    'rejects a string for an array',
    generic({ stop: 'a' }),
    'chatRequest.stop: expected array, got string',
  ],
  [
    'rejects a null',
    generic({ maxTokens: null }),
    'chatRequest.maxTokens: expected number, got null',
  ],
  ['rejects a null for anything', generic({ logitBias: null }), 'chatRequest.logitBias: null'],
  [
    'rejects a lower-case enum value',
    generic({ reasoningEffort: 'low' }),
    'chatRequest.reasoningEffort: unknown value "low"',
  ],
  [
    'rejects XHIGH',
    generic({ reasoningEffort: 'XHIGH' }),
    'chatRequest.reasoningEffort: unknown value "XHIGH"',
  ],
  [
    'rejects an unknown format',
    generic({ apiFormat: 'OPENAI' }),
    'chatRequest.apiFormat: unknown value "OPENAI"',
  ],
  [
    'rejects an unknown role',
    turn({ role: 'BOT' }),
    'chatRequest.messages[0].role: unknown value "BOT"',
  ],
  [
    'rejects a string for content',
    turn({ role: 'USER', content: 'Hi' }),
    'chatRequest.messages[0].content: expected array, got string',
  ],
  [
    'rejects a null content of a user',
    turn({ role: 'USER', content: null }),
    'chatRequest.messages[0].content: expected array, got null',
  ],
  [
    'rejects an OpenAI part',
    turn({ role: 'USER', content: [{ type: 'text', text: 'Hi' }] }),
    'chatRequest.messages[0].content[0].type: unknown value "text"',
  ],
  [
    'rejects an image URL that is a string',
    turn({
      role: 'USER',
      content: [TEXT, { type: 'IMAGE', imageUrl: 'data:image/png;base64,AA' }],
    }),
    'chatRequest.messages[0].content[1].imageUrl: expected an object, got string',
  ],
  [
    'rejects a nested tool call',
    turn({
      role: 'ASSISTANT',
      toolCalls: [{ id: 'a', type: 'FUNCTION', function: { name: 'f' } }],
    }),
    'chatRequest.messages[0].toolCalls[0].function: unknown field',
  ],
  [
    'rejects a call without id',
    turn({ role: 'ASSISTANT', toolCalls: [{ ...CALL, id: undefined }] }),
    'chatRequest.messages[0].toolCalls[0].id: missing',
  ],
  [
    'rejects strict on a schema',
    generic({
      responseFormat: { type: 'JSON_SCHEMA', jsonSchema: { name: 'a', strict: true } },
    }),
    'chatRequest.responseFormat.jsonSchema.strict: unknown field',
  ],
  [
    'rejects a nested tool',
    generic({ tools: [{ type: 'FUNCTION', function: {} }] }),
    'chatRequest.tools[0].function: unknown field',
  ],
  [
    'rejects a string for a tool choice',
    generic({ toolChoice: 'AUTO' }),
    'chatRequest.toolChoice: expected an object, got string',
  ],
  [
    'rejects toolsChoice outside Cohere',
    generic({ toolsChoice: 'NONE' }),
    'chatRequest.toolsChoice: unknown field',
  ],
]

describe('checkFields()', () => {
  for (const [name, value, expected] of cases) {
    it(name, () => {
      const problem = checkFields('ChatDetails', value)
      assert.equal(problem && `${problem.path}: ${problem.problem}`, expected)
    })
  }

  it('checks the other actions', () => {
    const details = { ...chatBody('x', {}), chatRequest: undefined }
    const embedding = { ...details, inputs: ['a'], embeddingTypes: ['FLOAT'] }
    assert.deepEqual(checkFields('EmbedTextDetails', JSON.parse(JSON.stringify(embedding))), {
      path: 'embeddingTypes[0]',
      problem: 'unknown value "FLOAT"',
    })
  })
})

function generic(fields: object): object {
  return chatBody('x', { messages: [message('USER', 'Hi')], ...fields })
}

function turn(fields: object): object {
  return JSON.parse(JSON.stringify(chatBody('x', { messages: [fields] })))
}

function cohere(fields: object): object {
  return { apiFormat: 'COHERE', message: 'Hi', ...fields }
}
