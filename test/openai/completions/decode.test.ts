import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import type { ChatRequest } from '../../../src/chat/model.ts'
import { ApiError } from '../../../src/errors.ts'
import { decodeRequest } from '../../../src/openai/completions/decode.ts'
import { CompletionsRequest } from '../../../src/openai/completions/schema.ts'

type Case = [name: string, asked: object, request: Partial<ChatRequest>, ...warnings: string[]]

const cases: Case[] = [
  ['makes the prompt what the user says', {}, {}],
  ['bounds the output', { max_tokens: 5 }, { outputLimit: 5 }],
  ['passes sampling on', { temperature: 0.5, top_p: 0.9, seed: 7 }, {
    temperature: 0.5,
    topP: 0.9,
    seed: 7,
  }],
  ['passes penalties on', { frequency_penalty: 1, presence_penalty: -1 }, {
    frequencyPenalty: 1,
    presencePenalty: -1,
  }],
  ['passes stop words on', { stop: ['x', 'y'] }, { stop: ['x', 'y'] }],
  ['passes a single stop word on', { stop: 'x' }, { stop: ['x'] }],
  ['passes biases on', { logit_bias: { 50256: -100 } }, { logitBias: { 50256: -100 } }],
  ['asks for several choices', { n: 2 }, { choices: 2 }],
  ['asks for probabilities and alternatives', { logprobs: 3 }, { logprobs: 3 }],
  ['asks for probabilities alone', { logprobs: 0 }, { logprobs: 0 }],
  ['takes an empty suffix for none', { suffix: '' }, {}],
  ['has nothing against one of one', { best_of: 1 }, {}],
  [
    'tells that the best is not chosen',
    { n: 2, best_of: 3 },
    { choices: 2 },
    'best_of: no more are made than are answered',
  ],
  [
    'tells that the prompt has no probabilities',
    { echo: true, logprobs: 0 },
    { logprobs: 0 },
    'logprobs: not of the prompt',
  ],
  ['reads nulls as nothing', {
    max_tokens: null,
    stop: null,
    n: null,
    logprobs: null,
    suffix: null,
    echo: null,
    best_of: null,
  }, {}],
]

describe('decodeRequest() of completions', () => {
  const plain = decode({})
  for (const [name, asked, request, ...warnings] of cases) {
    it(name, () => {
      const [expected] = plain.requests
      assert.deepEqual(decode(asked), {
        prompts: ['Once'],
        requests: [{ ...expected, ...request }],
        warnings,
      })
    })
  }

  it('says the prompt, and nothing else', () => {
    assert.deepEqual(plain.requests[0].messages, [
      { role: 'user', content: [{ type: 'text', text: 'Once' }], name: undefined },
    ])
  })

  it('makes a conversation of each prompt', () => {
    const { prompts, requests } = decode({ prompt: ['One', 'Two'] })
    assert.deepEqual(prompts, ['One', 'Two'])
    assert.deepEqual(requests.map(({ messages }) => messages[0]?.content), [
      [{ type: 'text', text: 'One' }],
      [{ type: 'text', text: 'Two' }],
    ])
  })

  const refusals: [name: string, asked: object, param: string][] = [
    ['refuses tokens', { prompt: [1, 2] }, 'prompt'],
    ['refuses lists of tokens', { prompt: [[1], [2]] }, 'prompt'],
    ['refuses a suffix', { suffix: 'end' }, 'suffix'],
  ]
  for (const [name, asked, param] of refusals) {
    it(name, () => {
      assert.throws(
        () => decode(asked),
        (thrown) => thrown instanceof ApiError && thrown.status === 400 && thrown.param === param,
      )
    })
  }
})

describe('CompletionsRequest', () => {
  const wrong: [name: string, member: object, path: string][] = [
    ['no prompt', { prompt: undefined }, 'prompt'],
    ['an empty prompt', { prompt: '' }, 'prompt'],
    ['an empty list', { prompt: [] }, 'prompt'],
    ['an empty prompt among others', { prompt: ['a', ''] }, 'prompt.1'],
    ['probabilities as a switch', { logprobs: true }, 'logprobs'],
    ['no output', { max_tokens: 0 }, 'max_tokens'],
  ]
  for (const [name, member, path] of wrong) {
    it(`refuses ${name}`, () => {
      const { success, issues } = v.safeParse(CompletionsRequest, bodyOf(member))
      assert.ok(!success)
      assert.equal(v.getDotPath(issues[0]), path)
    })
  }
})

function decode(asked: object) {
  return decodeRequest(v.parse(CompletionsRequest, bodyOf(asked)))
}

function bodyOf(asked: object): object {
  return { model: 'm', prompt: 'Once', ...asked }
}
