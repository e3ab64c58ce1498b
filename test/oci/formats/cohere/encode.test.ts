import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, MediaPart, Message } from '../../../../src/chat/model.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { text, user } from '../generic/request.ts'
import { send, system, tool } from './send.ts'

type Case = [name: string, part: Partial<ChatRequest>, sent: object, ...warnings: string[]]

const DEFAULT = { apiFormat: 'COHERE', message: 'Hi', maxTokens: 4000 }
const SCHEMA = { type: 'object', properties: { a: { type: 'integer' } } }

const parameters: Case[] = [
  ['sends only the message and the output limit', {}, {}],
  ['M02 joins the parts of instructions', {
    messages: [
      { role: 'system', content: [text('a'), text('b')], name: undefined },
      user([text('Hi')]),
    ],
  }, { preambleOverride: 'a\nb' }],
  ['M03 joins instructions at any position by a blank line', {
    messages: [
      system('a'),
      user([text('Hi')]),
      { role: 'developer', content: [text('b')], name: undefined },
    ],
  }, { preambleOverride: 'a\n\nb' }],
  ['sends the parameters that both formats have', {
    outputLimit: 7,
    temperature: 0.3,
    topP: 0.5,
    topK: 40,
    frequencyPenalty: 0.1,
    presencePenalty: 1,
    seed: 3,
  }, {
    maxTokens: 7,
    temperature: 0.3,
    topP: 0.5,
    topK: 40,
    frequencyPenalty: 0.1,
    presencePenalty: 1,
    seed: 3,
  }],
  ['P19 sends stop sequences', { stop: ['END'] }, { stopSequences: ['END'] }],
  ['P11 sends nothing for one choice', { choices: 1 }, {}],
  ['P22 does not send parallel tool calls', { parallelToolCalls: true, tools: [tool('f')] }, {
    tools: [{ name: 'f', description: 'f' }],
  }],
  [
    'P22 warns that calls may be parallel',
    { parallelToolCalls: false, tools: [tool('f')] },
    { tools: [{ name: 'f', description: 'f' }] },
    'parallel_tool_calls: not supported by acme.one, left out',
  ],
  [
    'clamps numbers to the ranges of the format',
    { temperature: 1.5, topP: 2, topK: 1000, frequencyPenalty: -1, presencePenalty: 2 },
    { temperature: 1, topP: 1, topK: 500, frequencyPenalty: 0, presencePenalty: 1 },
    'temperature: 1.5 sent as 1',
    'top_p: 2 sent as 1',
    'top_k: 1000 sent as 500',
    'frequency_penalty: -1 sent as 0',
    'presence_penalty: 2 sent as 1',
  ],
  [
    'lowers a limit above the maximum of the model',
    { outputLimit: 5000 },
    {},
    'max_tokens: 5000 lowered to 4000, the maximum of acme.one',
  ],
  [
    'omits what the format lacks and warns',
    {
      logprobs: 2,
      logitBias: { 1: 2 },
      choices: 2,
      reasoningEffort: 'high',
      verbosity: 'low',
      prediction: 'p',
      webSearch: { contextSize: 'low', location: undefined },
      metadata: { a: 'b' },
      serviceTier: 'priority',
    },
    {},
    ...[
      'logprobs',
      'logit_bias',
      'n',
      'reasoning_effort',
      'verbosity',
      'prediction',
      'web_search_options',
      'metadata',
      'service_tier',
    ].map((field) => `${field}: not supported by acme.one, left out`),
  ],
  ['J02 sends JSON mode', { responseFormat: { type: 'json-object' } }, {
    responseFormat: { type: 'JSON_OBJECT' },
  }],
  ['K17 sends a schema with JSON mode', {
    responseFormat: {
      type: 'json-schema',
      name: 'r',
      description: 'd',
      schema: { ...SCHEMA, title: 'T' },
      strict: true,
    },
  }, { responseFormat: { type: 'JSON_OBJECT', schema: SCHEMA } }],
  ['K18 sends documents', { documents: [{ id: 'a', text: 'b' }] }, {
    documents: [{ id: 'a', text: 'b' }],
  }],
]

describe('encodeRequest()', () => {
  for (const [name, part, sent, ...expectedWarnings] of parameters) {
    it(name, () => {
      const { body, warnings } = send(part)
      assert.deepEqual(body, { ...DEFAULT, ...sent })
      assert.deepEqual(warnings, expectedWarnings)
    })
  }

  it('warns about documents that a model is known to reject', () => {
    const unsupportedParameters: ModelProfile['unsupportedParameters'] = ['documents']
    const { body, warnings } = send({ documents: [{ text: 'a' }] }, { unsupportedParameters })
    assert.deepEqual(body, DEFAULT)
    assert.deepEqual(warnings, ['documents: not supported by acme.one, left out'])
  })
})

const files: [name: string, url: string, text: string][] = [
  ['base64', `data:text/plain;base64,${btoa('Hello')}`, 'Hello'],
  ['UTF-8', 'data:text/markdown;charset=utf-8;base64,w6Q=', 'ä'],
  ['plain', 'data:application/json,%7B%7D', '{}'],
  ['without a type', 'data:,a', 'a'],
]

const refused: [name: string, part: MediaPart, code: string, message: string][] = [
  [
    'K16 an image',
    media('image', 'data:image/png;base64,AA=='),
    'unsupported_content',
    '"acme.one" does not support this image: send text, or text files as data URLs',
  ],
  [
    'a PDF',
    media('document', 'data:application/pdf;base64,AA=='),
    'unsupported_content',
    '"acme.one" does not support this file: send text, or text files as data URLs',
  ],
  [
    'a file by URL',
    media('document', 'https://e.x/a.txt'),
    'unsupported_content',
    '"acme.one" does not support this file: send text, or text files as data URLs',
  ],
  [
    'a file that is not text',
    media('document', 'data:text/plain;base64,/w=='),
    'invalid_request',
    'The data URL of the file is not valid: send UTF-8 text, plain or base64',
  ],
]

describe('encodeRequest()', () => {
  for (const [name, url, words] of files) {
    it(`sends a file as a document: ${name}`, () => {
      const messages: Message[] = [user([text('Hi'), media('document', url)])]
      const { body } = send({ messages, documents: [{ id: 'a' }] })
      assert.deepEqual(body, {
        ...DEFAULT,
        documents: [{ id: 'a' }, { id: 'file_0', text: words }],
      })
    })
  }

  it('sends a text for a message with only a file', () => {
    const { body } = send({ messages: [user([media('document', 'data:,a')])] })
    assert.equal(body['message'], '(see the documents)')
  })

  for (const [name, part, code, message] of refused) {
    it(`rejects ${name}`, () => {
      const messages = [user([text('Hi'), part])]
      assert.throws(() => send({ messages }), { code, message, param: 'messages[0].content[1]' })
    })
  }
})

function media(type: MediaPart['type'], url: string): MediaPart {
  return { type, url, param: 'messages[0].content[1]' }
}
