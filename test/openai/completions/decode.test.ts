import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import type { ChatRequest } from '../../../src/chat/model.ts'
import { ApiError } from '../../../src/errors.ts'
import { decodeRequest } from '../../../src/openai/completions/decode.ts'
import { CompletionsRequest } from '../../../src/openai/completions/schema.ts'

type Case = [name: string, payload: object, request: Partial<ChatRequest>, ...warnings: string[]]

const cases: Case[] = [
  ['decodes the prompt as a user message', {}, {}],
  ['decodes the output limit', { max_tokens: 5 }, { outputLimit: 5 }],
  ['decodes sampling parameters', { temperature: 0.5, top_p: 0.9, seed: 7 }, {
    temperature: 0.5,
    topP: 0.9,
    seed: 7,
  }],
  ['decodes penalties', { frequency_penalty: 1, presence_penalty: -1 }, {
    frequencyPenalty: 1,
    presencePenalty: -1,
  }],
  ['decodes stop sequences', { stop: ['x', 'y'] }, { stop: ['x', 'y'] }],
  ['decodes a single stop sequence', { stop: 'x' }, { stop: ['x'] }],
  ['decodes biases', { logit_bias: { 50256: -100 } }, { logitBias: { 50256: -100 } }],
  ['decodes several choices', { n: 2 }, { choices: 2 }],
  ['decodes logprobs with alternatives', { logprobs: 3 }, { logprobs: 3 }],
  ['decodes logprobs without alternatives', { logprobs: 0 }, { logprobs: 0 }],
  ['treats an empty suffix as absent', { suffix: '' }, {}],
  ['gives no warning for best_of 1', { best_of: 1 }, {}],
  [
    'warns of best_of',
    { n: 2, best_of: 3 },
    { choices: 2 },
    'best_of: not supported, n replies are generated',
  ],
  [
    'warns that the prompt has no logprobs',
    { echo: true, logprobs: 0 },
    { logprobs: 0 },
    'logprobs: not reported for the prompt',
  ],
  ['treats null as absent', {
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
  for (const [name, payload, request, ...warnings] of cases) {
    it(name, () => {
      const [expected] = plain.requests
      assert.deepEqual(decode(payload), {
        prompts: ['Once'],
        requests: [{ ...expected, ...request }],
        warnings,
      })
    })
  }

  it('adds no messages to the prompt', () => {
    assert.deepEqual(plain.requests[0].messages, [
      { role: 'user', content: [{ type: 'text', text: 'Once' }], name: undefined },
    ])
  })

  it('decodes each prompt as a conversation', () => {
    const { prompts, requests } = decode({ prompt: ['One', 'Two'] })
    assert.deepEqual(prompts, ['One', 'Two'])
    assert.deepEqual(requests.map(({ messages }) => messages[0]?.content), [
      [{ type: 'text', text: 'One' }],
      [{ type: 'text', text: 'Two' }],
    ])
  })

  const refusals: [name: string, payload: object, param: string][] = [
    ['rejects tokens', { prompt: [1, 2] }, 'prompt'],
    ['rejects lists of tokens', { prompt: [[1], [2]] }, 'prompt'],
    ['rejects a suffix', { suffix: 'end' }, 'suffix'],
  ]
  for (const [name, payload, param] of refusals) {
    it(name, () => {
      assert.throws(
        () => decode(payload),
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
    ['logprobs as a boolean', { logprobs: true }, 'logprobs'],
    ['no output', { max_tokens: 0 }, 'max_tokens'],
  ]
  for (const [name, member, path] of wrong) {
    it(`rejects ${name}`, () => {
      const { success, issues } = v.safeParse(CompletionsRequest, bodyOf(member))
      assert.ok(!success)
      assert.equal(v.getDotPath(issues[0]), path)
    })
  }
})

function decode(payload: object) {
  return decodeRequest(v.parse(CompletionsRequest, bodyOf(payload)))
}

function bodyOf(payload: object): object {
  return { model: 'm', prompt: 'Once', ...payload }
}
