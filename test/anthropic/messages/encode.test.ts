import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import type { ChatReply, Choice, FinishReason } from '../../../src/chat/model.ts'
import { encodeReply, parseInput } from '../../../src/anthropic/messages/encode.ts'
import { SIGNATURE } from '../../../src/anthropic/messages/wire.ts'
import { choice, reply, usage } from '../../openai/chat/reply.ts'
import { Message } from './public-schema.ts'
import { IDENTITY, refusal, UNCOUNTED, UNSERVED } from './reply.ts'

const CALLER = { type: 'direct' }

const contents: [name: string, part: Partial<Choice>, content: object[]][] = [
  ['encodes an empty reply without blocks', {}, []],
  ['encodes a text', { text: 'Hi' }, [{ type: 'text', text: 'Hi', citations: null }]],
  ['N17 encodes thinking first, with a signature', { text: 'Hi', reasoning: 'hm' }, [
    { type: 'thinking', thinking: 'hm', signature: SIGNATURE },
    { type: 'text', text: 'Hi', citations: null },
  ]],
  ['N13 encodes calls after the text', {
    text: 'so',
    toolCalls: [
      { id: 'a', name: 'f', arguments: '{"a": 1}' },
      { id: 'b', name: 'g', arguments: '' },
    ],
  }, [
    { type: 'text', text: 'so', citations: null },
    { type: 'tool_use', id: 'a', name: 'f', input: { a: 1 }, caller: CALLER },
    { type: 'tool_use', id: 'b', name: 'g', input: {}, caller: CALLER },
  ]],
  ['encodes a refusal as text', { refusal: 'No' }, [
    { type: 'text', text: 'No', citations: null },
  ]],
]

const inputs: [name: string, json: string, input: object][] = [
  ['parses an object', '{"a": [1]}', { a: [1] }],
  ['parses empty text as no arguments', '', {}],
  ['parses whitespace as no arguments', ' \n', {}],
  ['wraps truncated JSON', '{"a": 1', { INVALID_JSON: '{"a": 1' }],
  ['wraps text that is not JSON', 'Paris', { INVALID_JSON: 'Paris' }],
  ['ignores whitespace around an object', '\v{"a":1}\v', { a: 1 }],
  ['wraps an array', '[1]', { INVALID_JSON: '[1]' }],
  ['wraps a string', '"a"', { INVALID_JSON: '"a"' }],
  ['wraps null', 'null', { INVALID_JSON: 'null' }],
  ['keeps unusual names', '{"__proto__": 1}', JSON.parse('{"__proto__": 1}')],
]

const stops: [reason: FinishReason, refusal: string, stop: string, details: object | null][] = [
  ['stop', '', 'end_turn', null],
  ['length', '', 'max_tokens', null],
  ['tool-calls', '', 'tool_use', null],
  ['content-filter', '', 'refusal', refusal(null)],
  ['stop', 'No', 'refusal', refusal('No')],
]

const usages: [name: string, part: Partial<ChatReply>, expected: object][] = [
  ['without usage', {}, UNCOUNTED],
  ['without a cache', { usage: usage() }, { ...UNCOUNTED, input_tokens: 5, output_tokens: 7 }],
  ['without cached tokens', { usage: usage({ prompt: 10, cached: 4, reasoning: 3 }) }, {
    ...UNCOUNTED,
    input_tokens: 6,
    cache_read_input_tokens: 4,
    output_tokens: 7,
    output_tokens_details: { thinking_tokens: 3 },
  }],
  ['never as a negative number', { usage: usage({ prompt: 3, cached: 4 }) }, {
    ...UNCOUNTED,
    cache_read_input_tokens: 4,
    output_tokens: 7,
  }],
]

const tiers: [tier: string | undefined, expected: string | null][] = [
  [undefined, null],
  ['default', 'standard'],
  ['priority', 'priority'],
  ['scale', null],
  ['constructor', null],
]

describe('encodeReply()', () => {
  it('encodes a whole message', () => {
    const written = encodeReply(reply({ choices: [choice({ text: 'Hi' })] }), IDENTITY)
    assert.deepEqual(v.parse(Message, written), {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'oci/m',
      content: [{ type: 'text', text: 'Hi', citations: null }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      usage: { ...UNCOUNTED, ...UNSERVED },
      container: null,
      context_management: null,
      diagnostics: null,
    })
  })

  for (const [name, part, content] of contents) {
    it(name, () => {
      const written = encodeReply(reply({ choices: [choice(part)] }), IDENTITY)
      assert.deepEqual(v.parse(Message, written).content, content)
    })
  }

  it('omits thinking that the client did not request', () => {
    const thoughtful = reply({ choices: [choice({ text: 'Hi', reasoning: 'hm' })] })
    const { content } = encodeReply(thoughtful, { ...IDENTITY, thinking: false })
    assert.deepEqual(content, [{ type: 'text', text: 'Hi', citations: null }])
  })

  for (const [finishReason, refusal, stop, details] of stops) {
    it(`N19 ends with ${stop} after ${finishReason}${refusal && ' and a refusal'}`, () => {
      const ended = reply({ choices: [choice({ finishReason, refusal })] })
      const written = v.parse(Message, encodeReply(ended, IDENTITY))
      assert.deepEqual([written.stop_reason, written.stop_details], [stop, details])
      assert.equal(written.stop_sequence, null)
    })
  }

  for (const [name, part, expected] of usages) {
    it(`encodes usage ${name}`, () => {
      const { usage } = v.parse(Message, encodeReply(reply(part), IDENTITY))
      assert.deepEqual(usage, { ...expected, ...UNSERVED })
    })
  }

  for (const [serviceTier, expected] of tiers) {
    it(`encodes ${expected} for the service tier ${serviceTier}`, () => {
      assert.equal(encodeReply(reply({ serviceTier }), IDENTITY).usage.service_tier, expected)
    })
  }
})

describe('parseInput()', () => {
  for (const [name, json, input] of inputs) {
    it(name, () => {
      assert.deepEqual(parseInput(json), input)
    })
  }
})
