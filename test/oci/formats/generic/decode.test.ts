import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatReply, Choice } from '../../../../src/chat/model.ts'
import { decodeReply } from '../../../../src/oci/formats/generic/decode.ts'
import { options, reply } from './stream.ts'

const CHOICE: Choice = {
  index: 0,
  text: '',
  reasoning: '',
  refusal: '',
  toolCalls: [],
  annotations: [],
  logprobs: [],
  finishReason: 'stop',
}

const choices: [name: string, choice: object | null, expected: Partial<Choice>][] = [
  ['R01 joins the parts of a text', choiceWith({ content: parts('a', 'b') }), { text: 'ab' }],
  [
    'R02 reads a reply with only calls',
    choiceWithCalls({ id: 'A', name: 'f', arguments: '{"a": 1}' }),
    {
      toolCalls: [{ id: 'A', name: 'f', arguments: '{"a": 1}' }],
      finishReason: 'tool-calls',
    },
  ],
  [
    'R03 keeps text next to calls',
    choiceWith({ content: parts('Wait'), toolCalls: [{ id: 'A', name: 'f', arguments: '{}' }] }),
    {
      text: 'Wait',
      toolCalls: [{ id: 'A', name: 'f', arguments: '{}' }],
      finishReason: 'tool-calls',
    },
  ],
  [
    'R04 generates an id for each call without one',
    choiceWithCalls({ name: 'f', arguments: '{}' }, { id: null, name: 'f', arguments: '{}' }),
    {
      toolCalls: [
        { id: 'call0', name: 'f', arguments: '{}' },
        { id: 'call1', name: 'f', arguments: '{}' },
      ],
      finishReason: 'tool-calls',
    },
  ],
  [
    'R05 serializes arguments sent as an object',
    choiceWithCalls({ id: 'A', name: 'f', arguments: { a: 1 } }),
    {
      toolCalls: [{ id: 'A', name: 'f', arguments: '{"a":1}' }],
      finishReason: 'tool-calls',
    },
  ],
  [
    'T25 returns "{}" for empty arguments',
    choiceWithCalls({ id: 'A', name: 'f', arguments: ' ' }),
    {
      toolCalls: [{ id: 'A', name: 'f', arguments: '{}' }],
      finishReason: 'tool-calls',
    },
  ],
  [
    'T26 unwraps JSON inside JSON once',
    choiceWithCalls({ id: 'A', name: 'f', arguments: '"{\\"a\\":1}"' }),
    {
      toolCalls: [{ id: 'A', name: 'f', arguments: '{"a":1}' }],
      finishReason: 'tool-calls',
    },
  ],
  [
    'T27 keeps arguments byte by byte',
    choiceWithCalls({
      id: 'A',
      name: 'f',
      arguments: '{ "snake_case":1,"camelCase":{"with-dash":2} }',
    }),
    {
      toolCalls: [{
        id: 'A',
        name: 'f',
        arguments: '{ "snake_case":1,"camelCase":{"with-dash":2} }',
      }],
      finishReason: 'tool-calls',
    },
  ],
  [
    'reads calls nested under "function"',
    choiceWithCalls({ id: 'A', type: 'FUNCTION', function: { name: 'f', arguments: '{}' } }),
    { toolCalls: [{ id: 'A', name: 'f', arguments: '{}' }], finishReason: 'tool-calls' },
  ],
  [
    'R06 finishes with tool-calls where Gemini sends stop',
    choiceWith(
      { content: [{ type: 'TEXT' }], toolCalls: [{ name: 'f', arguments: '{}' }] },
      'stop',
    ),
    { toolCalls: [{ id: 'call0', name: 'f', arguments: '{}' }], finishReason: 'tool-calls' },
  ],
  ['R11 reads a reply of only reasoning', { index: 0, finishReason: 'length' }, {
    finishReason: 'length',
  }],
  ['R12 reads a refusal', choiceWith({ refusal: 'no' }), { refusal: 'no' }],
  ['R13 reads a filtered reply without a message', { finishReason: 'content_filter' }, {
    finishReason: 'content-filter',
  }],
  ['S24 reads reasoning', choiceWith({ reasoningContent: 'hm', content: parts('a') }), {
    reasoning: 'hm',
    text: 'a',
  }],
  ['S25 reads thinking parts', choiceWith({ content: [{ type: 'THINKING', thinking: 'hm' }] }), {
    reasoning: 'hm',
  }],
  [
    'S26 ignores parts of unknown types',
    choiceWith({ content: [{ type: 'X', text: 'x' }, null] }),
    {},
  ],
  ['S30 reads a missing finish reason as stop', choiceWith({ content: parts('a') }, null), {
    text: 'a',
  }],
  ['accepts null members', {
    message: { content: null, toolCalls: null, annotations: null, reasoningContent: null },
    logprobs: null,
    groundingMetadata: null,
    finishReason: 'stop',
  }, {}],
  ['accepts a choice that is null', null, {}],
  ['drops a call without a name', choiceWithCalls({ id: 'A', arguments: '{}' }), {}],
  ['P34 reads citations', {
    ...choiceWith({
      annotations: [
        { type: 'url_citation', urlCitation: { startIndex: 1, endIndex: 2, title: 'T', url: 'u' } },
        { type: 'url_citation', urlCitation: { url: 'v' } },
        { type: 'other' },
      ],
    }),
  }, {
    annotations: [
      { url: 'u', title: 'T', start: 1, end: 2 },
      { url: 'v', title: undefined, start: undefined, end: undefined },
    ],
  }],
  ['P34 reads grounding of Gemini', {
    ...choiceWith({ content: parts('abc') }),
    groundingMetadata: {
      webSearchQueries: ['q'],
      groundingChunks: [
        { web: { uri: 'u', title: 'U', domain: 'd' } },
        { web: { uri: 'v' } },
        {},
      ],
      groundingSupports: [
        { segment: { endIndex: 3, text: 'abc' }, groundingChunkIndices: [0] },
        { segment: { startIndex: 1, endIndex: 2 }, groundingChunkIndices: [0, 2] },
      ],
    },
  }, {
    text: 'abc',
    annotations: [
      { url: 'u', title: 'U', start: 0, end: 3 },
      { url: 'u', title: 'U', start: 1, end: 2 },
      { url: 'v', title: undefined, start: undefined, end: undefined },
    ],
  }],
  ['P20 reads log probabilities', {
    ...choiceWith({ content: parts('a1') }),
    logprobs: {
      tokens: ['a', '1', 'constructor'],
      tokenLogprobs: [-0.5, '-1.5'],
      topLogprobs: [{ 1: '-3', a: '-0.5' }, { constructor: -1 }],
      textOffset: [0, 1],
    },
  }, {
    text: 'a1',
    logprobs: [
      {
        token: 'a',
        logprob: -0.5,
        top: [{ token: 'a', logprob: -0.5 }, { token: '1', logprob: -3 }],
      },
      { token: '1', logprob: -1.5, top: [{ token: 'constructor', logprob: -1 }] },
      { token: 'constructor', logprob: -9999, top: [] },
    ],
  }],
]

const replies: [name: string, json: object, expected: Partial<ChatReply>][] = [
  ['R07 reads usage next to the choices', { usage: { promptTokens: 1, completionTokens: 2 } }, {
    usage: {
      prompt: 1,
      completion: 2,
      total: 3,
      cached: undefined,
      reasoning: undefined,
      acceptedPrediction: undefined,
      rejectedPrediction: undefined,
    },
  }],
  ['R09 reads a date with fractions', { timeCreated: '2026-08-01T00:00:00.123Z' }, {
    created: 1785542400,
  }],
  ['R09 reads seconds', { timeCreated: 1785542400 }, { created: 1785542400 }],
  ['R09 reads seconds written as text', { timeCreated: '1785542400' }, { created: 1785542400 }],
  ['R09 ignores an invalid date', { timeCreated: 'yesterday' }, {}],
  ['R09 ignores an empty date', { timeCreated: '' }, {}],
  ['reads the service tier', { serviceTier: 'PRIORITY' }, { serviceTier: 'priority' }],
  ['R15 numbers the choices', { choices: [choiceWith({}), choiceWith({})] }, {
    choices: [CHOICE, { ...CHOICE, index: 1 }],
  }],
]

const RECORDED: [name: string, file: string, expected: ChatReply][] = [
  ['R07 reads a reply of Grok with reasoning tokens', 'grok', {
    choices: [{ ...CHOICE, text: "Hello! I'm Grok. How can I help?" }],
    usage: {
      prompt: 7,
      completion: 213,
      total: 220,
      cached: 6,
      reasoning: 192,
      acceptedPrediction: 0,
      rejectedPrediction: undefined,
    },
    serviceTier: undefined,
    created: 1754901658,
  }],
  ['R02 reads a call of Llama', 'llama-tool', {
    choices: [{
      ...CHOICE,
      toolCalls: [{
        id: 'chatcmpl-tool-a52781794a76726d',
        name: 'get_weather',
        arguments: '{"city": "Paris"}',
      }],
      finishReason: 'tool-calls',
    }],
    usage: {
      prompt: 45,
      completion: 8,
      total: 53,
      cached: undefined,
      reasoning: undefined,
      acceptedPrediction: undefined,
      rejectedPrediction: undefined,
    },
    serviceTier: undefined,
    created: 1789759344,
  }],
]

const UNREADABLE: [name: string, json: unknown][] = [
  ['R10 throws for a response without choices', { chatResponse: { choices: [] } }],
  ['R10 throws for a response with null choices', { chatResponse: { choices: null } }],
  ['R10 throws for an empty response', { chatResponse: null }],
  ['R10 throws for a response that is not an object', 'Hello'],
]

describe('decodeReply()', () => {
  for (const [name, choice, expected] of choices) {
    it(name, () => {
      const { choices } = decodeReply({ chatResponse: { choices: [choice] } }, options())
      assert.deepEqual(choices, [{ ...CHOICE, ...expected }])
    })
  }

  for (const [name, json, expected] of replies) {
    it(name, () => {
      const decoded = decodeReply(
        { chatResponse: { choices: [choiceWith({})], ...json } },
        options(),
      )
      assert.deepEqual(decoded, {
        choices: [CHOICE],
        usage: undefined,
        serviceTier: undefined,
        created: undefined,
        ...expected,
      })
    })
  }

  for (const [name, file, expected] of RECORDED) {
    it(name, () => assert.deepEqual(decodeReply(reply(file), options()), expected))
  }

  for (const [name, json] of UNREADABLE) {
    it(name, () => {
      assert.throws(() => decodeReply(json, options()), { code: 'upstream_invalid_response' })
    })
  }

  it('reads the usage of a choice when the response has none', () => {
    const choice = { ...choiceWith({}), usage: { promptTokens: 1, completionTokens: 2 } }
    const { usage } = decodeReply({ chatResponse: { choices: [choice] } }, options())
    assert.equal(usage?.total, 3)
  })

  it('throws when the finish reason is an error', () => {
    const json = { chatResponse: { choices: [{ finishReason: 'ERROR', errorMessage: 'boom' }] } }
    assert.throws(() => decodeReply(json, options()), {
      code: 'upstream_unavailable',
      message: 'The model failed to complete the reply: boom',
    })
  })

  it('T23 restores the tool names of the client', () => {
    const names = { decode: (name: string) => `mcp.${name}` }
    const json = {
      chatResponse: { choices: [choiceWithCalls({ id: 'A', name: 'f', arguments: '{}' })] },
    }
    const { choices } = decodeReply(json, { ...options(), names })
    assert.deepEqual(choices[0]?.toolCalls, [{ id: 'A', name: 'mcp.f', arguments: '{}' }])
  })
})

function parts(...texts: readonly string[]) {
  return texts.map((text) => ({ type: 'TEXT', text }))
}

function choiceWith(message: object, finishReason: string | null = 'stop') {
  return { index: 0, message: { role: 'ASSISTANT', ...message }, finishReason, logprobs: {} }
}

function choiceWithCalls(...toolCalls: readonly object[]) {
  return choiceWith({ toolCalls }, 'tool_calls')
}
