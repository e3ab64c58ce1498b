import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatReply, Choice } from '../../../../src/chat/model.ts'
import { decodeReply } from '../../../../src/oci/formats/responses/decode.ts'
import { options } from '../generic/stream.ts'
import { callItem, messageItem, thoughtItem } from './events.ts'

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

const outputs: [name: string, output: unknown[], expected: Partial<Choice>][] = [
  ['R01 joins the parts of a text', [{
    type: 'message',
    content: [{ type: 'output_text', text: 'a' }, { type: 'output_text', text: 'b' }],
  }], { text: 'ab' }],
  ['joins messages', [messageItem('a'), messageItem('b')], { text: 'ab' }],
  ['reads a refusal', [{ type: 'message', content: [{ type: 'refusal', refusal: 'No' }] }], {
    refusal: 'No',
  }],
  ['reads summarized reasoning', [thoughtItem('a', '', 'b'), messageItem('Hi')], {
    reasoning: 'a\n\nb',
    text: 'Hi',
  }],
  ['reads complete reasoning', [{
    type: 'reasoning',
    summary: [],
    content: [{ type: 'reasoning_text', text: 'hm' }],
  }, thoughtItem('on')], { reasoning: 'hm\n\non' }],
  ['R02 reads calls', [callItem('A', 'f', '{"a":1}'), callItem('B', 'g', '{}')], {
    toolCalls: [
      { id: 'A', name: 'f', arguments: '{"a":1}' },
      { id: 'B', name: 'g', arguments: '{}' },
    ],
    finishReason: 'tool-calls',
  }],
  ['R04 generates an id for a call without one', [callItem(null, 'f', '{}')], {
    toolCalls: [{ id: 'call0', name: 'f', arguments: '{}' }],
    finishReason: 'tool-calls',
  }],
  ['R05 serializes arguments sent as an object', [callItem('A', 'f', { a: 1 })], {
    toolCalls: [{ id: 'A', name: 'f', arguments: '{"a":1}' }],
    finishReason: 'tool-calls',
  }],
  ['T25 returns "{}" for empty arguments', [callItem('A', 'f', '')], {
    toolCalls: [{ id: 'A', name: 'f', arguments: '{}' }],
    finishReason: 'tool-calls',
  }],
  [
    'reads sources at the position of their message',
    [messageItem('Hello '), messageItem('world', { annotations: [cited(0, 5)] })],
    {
      text: 'Hello world',
      annotations: [{ url: 'https://a.example', title: 'A', start: 6, end: 11 }],
    },
  ],
  [
    'reads log probabilities',
    [messageItem('Hi', {
      logprobs: [{ token: 'Hi', logprob: -1, top_logprobs: [{ token: 'Ho', logprob: -2 }] }],
    })],
    { text: 'Hi', logprobs: [{ token: 'Hi', logprob: -1, top: [{ token: 'Ho', logprob: -2 }] }] },
  ],
  [
    'ignores items of unknown types',
    [{ type: 'web_search_call', status: 'completed' }, null, 7, messageItem('Hi')],
    { text: 'Hi' },
  ],
  ['reads an empty reply', [], {}],
]

const ends: [name: string, rest: object, finishReason: Choice['finishReason']][] = [
  ['R08 the limit', shortened('max_output_tokens'), 'length'],
  ['the filter', shortened('content_filter'), 'content-filter'],
  ['an unknown reason', { status: 'incomplete', incomplete_details: null }, 'length'],
  ['completion', { status: 'completed' }, 'stop'],
  ['no status', {}, 'stop'],
]

const failures: [name: string, json: unknown, code: string][] = [
  ['a response without output', { status: 'completed' }, 'upstream_invalid_response'],
  ['no response', 'Hello', 'upstream_invalid_response'],
  ['a failed response', { status: 'failed', output: [], error: null }, 'upstream_unavailable'],
  ['a cancelled response', { status: 'cancelled', output: [] }, 'upstream_unavailable'],
  ['an unfinished response', { status: 'in_progress', output: [] }, 'upstream_incomplete'],
]

describe('decodeReply()', () => {
  for (const [name, output, expected] of outputs) {
    it(name, () => {
      assert.deepEqual(read({ status: 'completed', output }).choices, [{ ...CHOICE, ...expected }])
    })
  }

  for (const [name, rest, finishReason] of ends) {
    it(`reads the finish reason of ${name}`, () => {
      const { choices } = read({ output: [messageItem('Hi')], ...rest })
      assert.deepEqual(choices, [{ ...CHOICE, text: 'Hi', finishReason }])
    })
  }

  for (const [name, json, code] of failures) {
    it(`throws for ${name}`, () => {
      assert.throws(() => decodeReply(json, options()), { code })
    })
  }

  it('reads usage, service tier and creation time', () => {
    const { choices: _, ...rest } = read({
      output: [],
      usage: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 3 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 12,
      },
      service_tier: 'default',
      created_at: 1_700_000_000,
    })
    assert.deepEqual(rest, {
      usage: {
        prompt: 5,
        completion: 7,
        total: 12,
        cached: 3,
        reasoning: 2,
        acceptedPrediction: undefined,
        rejectedPrediction: undefined,
      },
      serviceTier: 'default',
      created: 1_700_000_000,
    })
  })

  it('reports an unknown reason', () => {
    const words: string[] = []
    const json = { output: [], ...shortened('moon_phase') }
    decodeReply(json, { ...options(), onUnknownFinish: (word) => words.push(word) })
    assert.deepEqual(words, ['moon_phase'])
  })

  it('restores the tool names of the client', () => {
    const names = { decode: (name: string) => name.toUpperCase() }
    const reply = decodeReply({ output: [callItem('A', 'f', '{}')] }, { ...options(), names })
    assert.equal(reply.choices[0]?.toolCalls[0]?.name, 'F')
  })
})

function read(json: object): ChatReply {
  return decodeReply(json, options())
}

function shortened(reason: string): object {
  return { status: 'incomplete', incomplete_details: { reason } }
}

function cited(start_index: number, end_index: number): object {
  return { type: 'url_citation', url: 'https://a.example', title: 'A', start_index, end_index }
}
