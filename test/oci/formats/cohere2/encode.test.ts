import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, MediaPart, Message, Part } from '../../../../src/chat/model.ts'
import { assistant, call, pick, result, send2 as send, system, tool } from '../cohere/send.ts'
import { text, user } from '../generic/request.ts'

const TEXT = (words: string) => ({ type: 'TEXT', text: words })
const CALL = { id: '1', type: 'FUNCTION', function: { name: 'f-1', arguments: '{"a":1}' } }
const png = 'data:image/png;base64,AA=='

const messages: [name: string, message: Message, sent: object][] = [
  ['M02 the parts of instructions', {
    role: 'developer',
    content: [text('a'), text('b')],
    name: undefined,
  }, { role: 'SYSTEM', content: [TEXT('a'), TEXT('b')] }],
  ['M28 a user message without its name', user([text('a')], 'bob'), {
    role: 'USER',
    content: [TEXT('a')],
  }],
  ['a reply', assistant('a'), { role: 'ASSISTANT', content: [TEXT('a')] }],
  ['a reply without text', assistant(''), { role: 'ASSISTANT', content: [TEXT(' ')] }],
  ['no earlier reasoning', { ...assistant('a'), reasoning: 'hm' }, {
    role: 'ASSISTANT',
    content: [TEXT('a')],
  }],
  ['a call without text', assistant('', call('1', 'f-1', '{"a":1}')), {
    role: 'ASSISTANT',
    content: [TEXT(' ')],
    toolCalls: [CALL],
  }],
  ['a call with its plan', assistant('plan', call('1', 'f-1', '{"a":1}')), {
    role: 'ASSISTANT',
    content: [TEXT(' ')],
    toolPlan: 'plan',
    toolCalls: [CALL],
  }],
  ['K09 a result', result('1', 'ok'), { role: 'TOOL', toolCallId: '1', content: [TEXT('ok')] }],
  ['a result without output', result('1', ''), {
    role: 'TOOL',
    toolCallId: '1',
    content: [TEXT(' ')],
  }],
  ['K16 an image', user([text('a'), media('image', png)]), {
    role: 'USER',
    content: [TEXT('a'), { type: 'IMAGE_URL', imageUrl: { url: png } }],
  }],
  ['M08 an image by URL', user([media('image', 'https://e.x/a.png')]), {
    role: 'USER',
    content: [{ type: 'IMAGE_URL', imageUrl: { url: 'https://e.x/a.png' } }],
  }],
  ['a text file', user([media('document', 'data:text/plain,a')]), {
    role: 'USER',
    content: [{ type: 'DOCUMENT', document: { text: 'a' } }],
  }],
]

describe('encodeRequest()', () => {
  for (const [name, message, sent] of messages) {
    it(`sends ${name}`, () =>
      assert.deepEqual(send({ messages: [message] }).body['messages'], [sent]))
  }
})

const refused: [name: string, part: Part, code: string][] = [
  ['an image with another URL scheme', media('image', 'ftp://e.x'), 'invalid_request'],
  ['audio', media('audio', 'data:audio/wav;base64,AA=='), 'unsupported_content'],
  ['a PDF', media('document', 'data:application/pdf;base64,AA=='), 'unsupported_content'],
]

describe('encodeRequest()', () => {
  for (const [name, part, code] of refused) {
    it(`rejects ${name}`, () => {
      const param = 'messages[0].content[0]'
      assert.throws(() => send({ messages: [user([part])] }), { code, param })
    })
  }

  it('M09 rejects an image where the model does not support it', () => {
    const part = media('image', png)
    assert.throws(() => send({ messages: [user([part])] }, { inputs: ['text'] }), {
      code: 'unsupported_content',
      message: '"acme.one" does not support this image: send only text',
    })
  })
})

type Case = [name: string, part: Partial<ChatRequest>, sent: object, ...warnings: string[]]

const F = {
  type: 'FUNCTION',
  function: { name: 'f', parameters: { type: 'object', properties: {} } },
}
const G = {
  type: 'FUNCTION',
  function: {
    name: 'g-1',
    description: 'd',
    parameters: { type: 'object', properties: { a: { type: 'string' } } },
  },
}
const tools = [
  tool('f'),
  tool('g-1', {
    description: 'd',
    parameters: { type: 'object', properties: { a: { type: ['string', 'null'] } } },
  }),
]
const SCHEMA = { type: 'object', properties: { a: { type: 'integer' } } }

const parameters: Case[] = [
  ['sends only the message and the output limit', {}, {}],
  ['T01 T02 T03 T13 sends tools nested', { tools }, { tools: [F, G] }],
  ['T06 requires a call', { tools, toolChoice: { type: 'required' } }, {
    tools: [F, G],
    toolsChoice: 'REQUIRED',
  }],
  ['T06 forbids a call', { tools, toolChoice: { type: 'none' } }, {
    tools: [F, G],
    toolsChoice: 'NONE',
  }],
  ['T06 sends nothing for the choice "auto"', { tools, toolChoice: { type: 'auto' } }, {
    tools: [F, G],
  }],
  ['T06 requires a call of the only offered tool', {
    tools,
    toolChoice: { type: 'function', name: 'g-1' },
  }, { tools: [G], toolsChoice: 'REQUIRED' }],
  ['sends no choice without tools', { toolChoice: { type: 'required' } }, {}],
  ['T08 is strict when every tool is', { tools: [tool('f', { strict: true })] }, {
    tools: [F],
    isStrictToolsEnabled: true,
  }],
  ['T08 is not strict when one tool is not', {
    tools: [tool('f', { strict: true }), ...tools.slice(1)],
  }, { tools: [F, G] }],
  [
    'T24 keeps the first of two tools with the same name and warns',
    { tools: [tool('f'), tool('f')] },
    { tools: [F] },
    'tools: duplicate "f" left out',
  ],
  ['K08 disables reasoning', { reasoningEffort: 'none' }, { thinking: { type: 'DISABLED' } }],
  ['K08 enables reasoning', { reasoningEffort: 'low' }, { thinking: { type: 'ENABLED' } }],
  ['requests log probabilities', { logprobs: 0 }, { isLogProbsEnabled: true }],
  [
    'warns that there are no alternatives',
    { logprobs: 2 },
    { isLogProbsEnabled: true },
    'top_logprobs: this model returns only the chosen tokens',
  ],
  ['K17 sends a schema with JSON mode', {
    responseFormat: {
      type: 'json-schema',
      name: 'r',
      description: undefined,
      schema: SCHEMA,
      strict: true,
    },
  }, { responseFormat: { type: 'JSON_OBJECT', schema: SCHEMA } }],
  ['K18 sends documents', { documents: [{ id: 'a', text: 'b' }] }, {
    documents: [{ id: 'a', text: 'b' }],
  }],
  ['P19 sends stop sequences', { stop: ['END'] }, { stopSequences: ['END'] }],
  [
    'clamps the temperature',
    { temperature: 2 },
    { temperature: 1 },
    'temperature: 2 sent as 1',
  ],
  [
    'omits what the format lacks and warns',
    {
      logitBias: { 1: 2 },
      choices: 2,
      verbosity: 'low',
      prediction: 'p',
      webSearch: { contextSize: 'low', location: undefined },
      metadata: { a: 'b' },
      serviceTier: 'priority',
    },
    {},
    ...[
      'logit_bias',
      'n',
      'verbosity',
      'prediction',
      'web_search_options',
      'metadata',
      'service_tier',
    ].map((field) => `${field}: not supported by acme.one, left out`),
  ],
]

describe('encodeRequest()', () => {
  for (const [name, part, sent, ...expectedWarnings] of parameters) {
    it(name, () => {
      const { body, warnings } = send(part)
      const { messages: _, ...rest } = body
      assert.deepEqual(rest, { apiFormat: 'COHEREV2', maxTokens: 4000, ...sent })
      assert.deepEqual(warnings, expectedWarnings)
    })
  }

  it('K08 sends no reasoning parameter to a model without reasoning', () => {
    const off = send({ reasoningEffort: 'none' }, { reasoning: false })
    const on = send({ reasoningEffort: 'high' }, { reasoning: false })
    assert.deepEqual([pick(off.body, 'thinking'), off.warnings], [{}, []])
    assert.deepEqual(on.warnings, ['reasoning_effort: not supported by acme.one, left out'])
  })

  it('keeps instructions at their position', () => {
    const { body } = send({ messages: [system('a'), user([text('b')]), system('c')] })
    const roles = (body['messages'] as { role: string }[]).map(({ role }) => role)
    assert.deepEqual(roles, ['SYSTEM', 'USER', 'SYSTEM'])
  })
})

function media(type: MediaPart['type'], url: string): MediaPart {
  return { type, url, param: 'messages[0].content[0]' }
}
