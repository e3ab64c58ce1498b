import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import type { ChatReply, Choice } from '../../../src/chat/model.ts'
import { encodeReply } from '../../../src/openai/chat/encode.ts'
import { Completion } from './public-schema.ts'
import { choice, IDENTITY, reply, usage } from './reply.ts'

const messages: [name: string, part: Partial<Choice>, message: object][] = [
  ['writes a text', { text: 'Hi' }, { content: 'Hi' }],
  ['R02 encodes calls only without content', {
    toolCalls: [{ id: 'a', name: 'f', arguments: '{"a": 1}' }],
  }, {
    content: null,
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"a": 1}' } }],
  }],
  ['R03 encodes text and calls', {
    text: 'so',
    toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }, { id: 'b', name: 'g', arguments: '{}' }],
  }, {
    content: 'so',
    tool_calls: [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
    ],
  }],
  ['R12 encodes a refusal without content', { refusal: 'no' }, { content: null, refusal: 'no' }],
  ['encodes reasoning separate from text', { reasoning: 'hm', text: 'x' }, {
    content: 'x',
    reasoning_content: 'hm',
  }],
  ['P34 encodes one source', {
    annotations: [{ url: 'u', title: 't', start: 0, end: 1 }],
  }, {
    content: '',
    annotations: [{
      type: 'url_citation',
      url_citation: { url: 'u', title: 't', start_index: 0, end_index: 1 },
    }],
  }],
  ['P34 encodes citations', {
    text: 'abc',
    annotations: [
      { url: 'https://e.x', title: 'E', start: 1, end: 2 },
      { url: 'https://e.y', title: undefined, start: undefined, end: undefined },
    ],
  }, {
    content: 'abc',
    annotations: [
      {
        type: 'url_citation',
        url_citation: { url: 'https://e.x', title: 'E', start_index: 1, end_index: 2 },
      },
      {
        type: 'url_citation',
        url_citation: { url: 'https://e.y', title: '', start_index: 0, end_index: 0 },
      },
    ],
  }],
]

const choices: [name: string, part: Partial<Choice>, rest: object][] = [
  ['R11 encodes a truncated empty reply as empty text', { finishReason: 'length' }, {
    finish_reason: 'length',
  }],
  ['R13 encodes a filtered empty reply as empty text', { finishReason: 'content-filter' }, {
    finish_reason: 'content_filter',
  }],
  ['R15 encodes the index of a choice', { index: 3 }, { index: 3 }],
  ['P20 encodes logprobs with the bytes of the tokens', {
    logprobs: [
      {
        token: 'né',
        logprob: -0.5,
        top: [{ token: 'né', logprob: -0.5 }, { token: '', logprob: -2 }],
      },
      { token: '!', logprob: 0, top: [] },
    ],
  }, {
    logprobs: {
      content: [
        {
          token: 'né',
          logprob: -0.5,
          bytes: [110, 195, 169],
          top_logprobs: [
            { token: 'né', logprob: -0.5, bytes: [110, 195, 169] },
            { token: '', logprob: -2, bytes: [] },
          ],
        },
        { token: '!', logprob: 0, bytes: [33], top_logprobs: [] },
      ],
      refusal: null,
    },
  }],
]

const MINE = { id: 'chatcmpl-1', object: 'chat.completion', created: 1_700_000_000, model: 'oci/m' }

const replies: [name: string, answer: Partial<ChatReply>, rest: object][] = [
  ['R16 has the requested model', {}, { model: 'oci/m' }],
  ['R08 omits missing usage', { usage: undefined }, {}],
  ['R07 encodes only the counts that exist', { usage: usage() }, {
    usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
  }],
  ['R07 encodes every detail', {
    usage: usage({ cached: 0, reasoning: 2, acceptedPrediction: 0, rejectedPrediction: 1 }),
  }, {
    usage: {
      prompt_tokens: 5,
      completion_tokens: 7,
      total_tokens: 12,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 2,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 1,
      },
    },
  }],
  ['R07 encodes one detail', { usage: usage({ reasoning: 7 }) }, {
    usage: {
      prompt_tokens: 5,
      completion_tokens: 7,
      total_tokens: 12,
      completion_tokens_details: { reasoning_tokens: 7 },
    },
  }],
  ['R09 has the time of the model, if there is one', { created: 1_785_542_400 }, {
    created: 1_785_542_400,
  }],
  ['encodes a tier that OpenAI has', { serviceTier: 'priority' }, { service_tier: 'priority' }],
  ['omits a tier that OpenAI does not have', { serviceTier: 'gold' }, {}],
]

describe('encodeReply()', () => {
  for (const [name, part, message] of messages) {
    it(name, () => {
      const whole = { role: 'assistant', refusal: null, ...message }
      assert.deepEqual(encode({ choices: [choice(part)] }).choices.map(({ message }) => message), [
        whole,
      ])
    })
  }

  for (const [name, part, rest] of choices) {
    it(name, () => {
      assert.deepEqual(encode({ choices: [choice(part)] }).choices, [{ ...EMPTY, ...rest }])
    })
  }

  for (const [name, answer, rest] of replies) {
    it(name, () => assert.deepEqual(encode(answer), { ...MINE, choices: [EMPTY], ...rest }))
  }

  it('R15 encodes every choice', () => {
    const { choices } = encode({
      choices: [choice({ text: 'a' }), choice({ index: 1, text: 'b', finishReason: 'length' })],
    })
    const encoded = choices.map(({ index, message, finish_reason: reason }) =>
      `${index} ${message.content} ${reason}`
    )
    assert.deepEqual(encoded, ['0 a stop', '1 b length'])
  })

  it('S30 encodes every finish reason', () => {
    const reasons = (['stop', 'length', 'tool-calls', 'content-filter'] as const).map((reason) =>
      encode({ choices: [choice({ finishReason: reason })] }).choices[0]?.finish_reason
    )
    assert.deepEqual(reasons, ['stop', 'length', 'tool_calls', 'content_filter'])
  })
})

const EMPTY = {
  index: 0,
  message: { role: 'assistant', content: '', refusal: null },
  logprobs: null,
  finish_reason: 'stop',
}

/** The reply as JSON, checked against the public schema. */
function encode(answer: Partial<ChatReply>): Completion {
  return v.parse(Completion, JSON.parse(JSON.stringify(encodeReply(reply(answer), IDENTITY))))
}
