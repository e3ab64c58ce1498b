import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Choice } from '../../../../src/chat/model.ts'
import { decodeReply } from '../../../../src/oci/formats/chat-completions/decode.ts'
import { options } from '../generic/stream.ts'

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
const CITED = { url: 'https://a.example', title: 'A', start_index: 0, end_index: 2 }

const choices: [name: string, choice: object, expected: Partial<Choice>][] = [
  ['R01 reads a text', choiceWith({ content: 'Hi' }), { text: 'Hi' }],
  [
    'reads a text in parts',
    choiceWith({ content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] }),
    { text: 'ab' },
  ],
  ['reads reasoning', choiceWith({ content: 'Hi', reasoning_content: 'hm' }), {
    text: 'Hi',
    reasoning: 'hm',
  }],
  ['reads reasoning under its other name', choiceWith({ reasoning: 'hm' }), { reasoning: 'hm' }],
  ['reads a refusal', choiceWith({ content: null, refusal: 'No' }), { refusal: 'No' }],
  [
    'R02 R04 reads calls and generates missing ids',
    choiceWith({ content: null, tool_calls: [call('A', 'f', '{"a":1}'), call(null, 'g', '')] }),
    {
      toolCalls: [
        { id: 'A', name: 'f', arguments: '{"a":1}' },
        { id: 'call0', name: 'g', arguments: '{}' },
      ],
      finishReason: 'tool-calls',
    },
  ],
  [
    'reads sources',
    choiceWith({ content: 'Hi', annotations: [{ type: 'url_citation', url_citation: CITED }] }),
    {
      text: 'Hi',
      annotations: [{ url: 'https://a.example', title: 'A', start: 0, end: 2 }],
    },
  ],
  ['reads log probabilities', {
    ...choiceWith({ content: 'Hi' }),
    logprobs: { content: [{ token: 'Hi', logprob: -1, bytes: [72, 105], top_logprobs: [] }] },
  }, { text: 'Hi', logprobs: [{ token: 'Hi', logprob: -1, top: [] }] }],
  [
    'R08 reads that the output limit was reached',
    { ...choiceWith({ content: 'Hi' }), finish_reason: 'length' },
    {
      text: 'Hi',
      finishReason: 'length',
    },
  ],
]

describe('decodeReply()', () => {
  for (const [name, choice, expected] of choices) {
    it(name, () => {
      const reply = decodeReply({ choices: [choice] }, options())
      assert.deepEqual(reply.choices, [{ ...CHOICE, ...expected }])
    })
  }

  it('reads usage, service tier and creation time', () => {
    const reply = decodeReply({
      choices: [choiceWith({ content: 'Hi' })],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 7,
        total_tokens: 12,
        prompt_tokens_details: { cached_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 2, accepted_prediction_tokens: 1 },
      },
      service_tier: 'default',
      created: 1_700_000_000,
    }, options())
    const { choices: _, ...rest } = reply
    assert.deepEqual(rest, {
      usage: {
        prompt: 5,
        completion: 7,
        total: 12,
        cached: 3,
        reasoning: 2,
        acceptedPrediction: 1,
        rejectedPrediction: undefined,
      },
      serviceTier: 'default',
      created: 1_700_000_000,
    })
  })

  for (const json of [{}, { choices: [] }, null, 'Hello']) {
    it(`throws for ${JSON.stringify(json)}`, () => {
      assert.throws(() => decodeReply(json, options()), { code: 'upstream_invalid_response' })
    })
  }
})

function choiceWith(message: object): object {
  return { index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }
}

function call(id: string | null, name: string, json: string): object {
  return { id, type: 'function', function: { name, arguments: json } }
}
