import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Choice, TokenLogprob } from '../../../src/chat/model.ts'
import {
  encodeLogprobs,
  encodeReply,
  type TextChoice,
} from '../../../src/openai/completions/encode.ts'

const IDENTITY = { id: 'cmpl-1', created: 7, model: 'm' }
const CHOICE: Choice = {
  index: 0,
  text: ' upon',
  reasoning: 'Hm',
  refusal: '',
  toolCalls: [],
  annotations: [],
  logprobs: [],
  finishReason: 'stop',
}
const PLAIN: TextChoice = { index: 0, text: ' upon', logprobs: null, finish_reason: 'stop' }
const UP: TokenLogprob = { token: ' up', logprob: -0.5, top: [] }
const ALTERNATIVES = [{ token: ' up', logprob: -0.5 }, { token: ' in', logprob: -1 }]
const ON: TokenLogprob = { token: 'on', logprob: -0.1, top: [] }

type Case = [name: string, choice: Partial<Choice>, echo: string, expected: Partial<TextChoice>]

const cases: Case[] = [
  ['encodes the text', {}, '', {}],
  ['puts the prompt before the text', {}, 'Once', { text: 'Once upon' }],
  ['encodes the finish reason', { finishReason: 'length' }, '', { finish_reason: 'length' }],
  ['encodes a filtered reply', { finishReason: 'content-filter' }, '', {
    finish_reason: 'content_filter',
  }],
  ['encodes tool calls as stop', { finishReason: 'tool-calls' }, '', { finish_reason: 'stop' }],
  ['encodes a refusal as text', { text: '', refusal: 'No' }, '', { text: 'No' }],
  ['includes the prompt in the offsets', { logprobs: [UP] }, 'Once', {
    text: 'Once upon',
    logprobs: { tokens: [' up'], token_logprobs: [-0.5], text_offset: [4] },
  }],
]

describe('encodeReply() of completions', () => {
  for (const [name, choice, echo, expected] of cases) {
    it(name, () => {
      const reply = { choices: [{ ...CHOICE, ...choice }], usage: undefined }
      const rest = { serviceTier: undefined, created: undefined }
      assert.deepEqual(encodeReply({ ...reply, ...rest }, IDENTITY, () => echo), {
        ...{ id: 'cmpl-1', object: 'text_completion', created: 7, model: 'm' },
        choices: [{ ...PLAIN, ...expected }],
      })
    })
  }
})

describe('encodeLogprobs() of completions', () => {
  it('encodes parallel lists', () => {
    assert.deepEqual(encodeLogprobs([{ ...UP, top: ALTERNATIVES }, ON], 4), {
      tokens: [' up', 'on'],
      token_logprobs: [-0.5, -0.1],
      top_logprobs: [{ ' up': -0.5, ' in': -1 }, {}],
      text_offset: [4, 7],
    })
  })
})
