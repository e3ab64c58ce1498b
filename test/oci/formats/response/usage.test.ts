import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Usage } from '../../../../src/chat/model.ts'
import { decodeUsage } from '../../../../src/oci/formats/response/usage.ts'

const cases: [name: string, json: unknown, expected: Partial<Usage> | undefined][] = [
  ['R07 reads every count', {
    promptTokens: 5,
    completionTokens: 7,
    totalTokens: 12,
    promptTokensDetails: { cachedTokens: 3 },
    completionTokensDetails: {
      reasoningTokens: 2,
      acceptedPredictionTokens: 1,
      rejectedPredictionTokens: 4,
    },
  }, {
    prompt: 5,
    completion: 7,
    total: 12,
    cached: 3,
    reasoning: 2,
    acceptedPrediction: 1,
    rejectedPrediction: 4,
  }],
  ['R07 accepts missing details', { promptTokens: 45, completionTokens: 8, totalTokens: 53 }, {
    prompt: 45,
    completion: 8,
    total: 53,
  }],
  ['R07 accepts null members', {
    promptTokens: 45,
    completionTokens: 8,
    totalTokens: 53,
    promptTokensDetails: null,
    completionTokensDetails: { reasoningTokens: null },
  }, { prompt: 45, completion: 8, total: 53 }],
  ['adds reasoning to completion where the model counts it separately', {
    promptTokens: 7,
    completionTokens: 21,
    totalTokens: 220,
    completionTokensDetails: { reasoningTokens: 192 },
  }, { prompt: 7, completion: 213, total: 220, reasoning: 192 }],
  ['ignores a gap that is not the reasoning', {
    promptTokens: 7,
    completionTokens: 21,
    totalTokens: 220,
    completionTokensDetails: { reasoningTokens: 100 },
  }, { prompt: 7, completion: 21, total: 220, reasoning: 100 }],
  ['R11 derives the completion of a reply of reasoning only', {
    promptTokens: 7,
    totalTokens: 107,
    completionTokensDetails: { reasoningTokens: 100 },
  }, { prompt: 7, completion: 100, total: 107, reasoning: 100 }],
  ['reads counts under the names of Cohere', { inputTokens: 7, outputTokens: 3 }, {
    prompt: 7,
    completion: 3,
    total: 10,
  }],
  ['computes a missing total', { promptTokens: 7, completionTokens: 3 }, {
    prompt: 7,
    completion: 3,
    total: 10,
  }],
  ['derives missing prompt tokens', { completionTokens: 3, totalTokens: 10 }, {
    prompt: 7,
    completion: 3,
    total: 10,
  }],
  [
    'reads counts written as text',
    { promptTokens: '7', completionTokens: '3', totalTokens: '10' },
    {
      prompt: 7,
      completion: 3,
      total: 10,
    },
  ],
  ['R08 returns nothing for undefined', undefined, undefined],
  ['R08 returns nothing for null', null, undefined],
  ['R08 returns nothing for an empty object', {}, undefined],
  ['R08 returns nothing for texts', { promptTokens: 'many' }, undefined],
]

const NOTHING = {
  cached: undefined,
  reasoning: undefined,
  acceptedPrediction: undefined,
  rejectedPrediction: undefined,
}

describe('decodeUsage()', () => {
  for (const [name, json, expected] of cases) {
    it(name, () => assert.deepEqual(decodeUsage(json), expected && { ...NOTHING, ...expected }))
  }
})
