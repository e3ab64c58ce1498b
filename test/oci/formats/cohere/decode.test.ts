import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatReply, Choice } from '../../../../src/chat/model.ts'
import { decodeReply } from '../../../../src/oci/formats/cohere/decode.ts'
import { options } from '../generic/stream.ts'

type Case = [name: string, response: object, expected: Partial<Choice>]

const cases: Case[] = [
  ['reads text', { text: 'Hi' }, { text: 'Hi' }],
  [
    'K05 reads calls, and the plan before them',
    {
      text: 'Plan',
      toolCalls: [{ name: 'f', parameters: { s: 'it\'s "x"', n: null, b: true } }, { name: 'g' }],
    },
    {
      text: 'Plan',
      toolCalls: [
        { id: 'call0', name: 'f', arguments: '{"s":"it\'s \\"x\\"","n":null,"b":true}' },
        { id: 'call1', name: 'g', arguments: '{}' },
      ],
      finishReason: 'tool-calls',
    },
  ],
  [
    'K18 reads citations, of documents by URL',
    {
      text: 'abc',
      citations: [
        { start: 0, end: 1, text: 'a', documentIds: ['x', 'doc_1'] },
        { start: '1', end: 2, text: 'b', documentIds: ['f:0'] },
        { start: 2, end: 3, text: 'c' },
        'odd',
      ],
      documents: [{ id: 'x', title: 'X', url: 'https://e.x' }, { text: 'second' }],
    },
    {
      text: 'abc',
      annotations: [
        { url: 'https://e.x', title: 'X', source: 'x', start: 0, end: 1 },
        { url: undefined, title: undefined, source: 'doc_1', start: 0, end: 1 },
        { url: undefined, title: undefined, source: 'f:0', start: 1, end: 2 },
        { url: undefined, title: undefined, source: undefined, start: 2, end: 3 },
      ],
    },
  ],
  ['K14 reads COMPLETE', { text: '', finishReason: 'COMPLETE' }, {}],
  ['K14 reads MAX_TOKENS', { text: '', finishReason: 'MAX_TOKENS' }, { finishReason: 'length' }],
  ['K14 reads ERROR_TOXIC', { text: 'a', finishReason: 'ERROR_TOXIC' }, {
    text: 'a',
    finishReason: 'content-filter',
  }],
]

describe('decodeReply()', () => {
  for (const [name, chatResponse, expected] of cases) {
    it(name, () => {
      assert.deepEqual(decodeReply({ chatResponse }, options()), reply(expected))
    })
  }

  it('reads usage', () => {
    const usage = { promptTokens: 6, completionTokens: 13, totalTokens: 19 }
    const { usage: read } = decodeReply({ chatResponse: { text: '', usage } }, options())
    assert.deepEqual([read?.prompt, read?.completion, read?.total], [6, 13, 19])
  })
})

const failures: [name: string, json: unknown, code: string, message: string][] = [
  [
    'K14 ERROR',
    { chatResponse: { text: '', finishReason: 'ERROR', errorMessage: 'broken' } },
    'upstream_unavailable',
    'The model failed to complete the reply: broken',
  ],
  [
    'K14 USER_CANCEL',
    { chatResponse: { text: 'a', finishReason: 'USER_CANCEL' } },
    'upstream_unavailable',
    'The model failed to complete the reply: the reply was cancelled',
  ],
  [
    'K14 ERROR_LIMIT',
    { chatResponse: { text: 'a', finishReason: 'ERROR_LIMIT' } },
    'context_length_exceeded',
    "This model's maximum context length is exceeded: prompt and reply have too many tokens",
  ],
  [
    'a response without text',
    { chatResponse: { apiFormat: 'COHERE' } },
    'upstream_invalid_response',
    "OCI's response has no text",
  ],
  ['null', null, 'upstream_invalid_response', "OCI's response has no text"],
]

describe('decodeReply()', () => {
  for (const [name, json, code, message] of failures) {
    it(`throws for ${name}`, () => {
      assert.throws(() => decodeReply(json, options()), { code, message })
    })
  }
})

function reply(choice: Partial<Choice>): ChatReply {
  return {
    choices: [{
      index: 0,
      text: '',
      reasoning: '',
      refusal: '',
      toolCalls: [],
      annotations: [],
      logprobs: [],
      finishReason: 'stop',
      ...choice,
    }],
    usage: undefined,
    serviceTier: undefined,
    created: undefined,
  }
}
