import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createEstimates, upperBound } from '../../src/metering/estimates.ts'
import { sizeOfTexts } from '../../src/metering/prompt-size.ts'

const long = sizeOfTexts(['word '.repeat(2_000)])
const short = sizeOfTexts(['Hi'])

/** Estimates that have seen a number of equal answers to the long prompt. */
function learnt({ promptTokens, completionTokens = 100, answers = 30, size = long }: {
  promptTokens: number
  completionTokens?: number
  answers?: number
  size?: typeof long
}) {
  const estimates = createEstimates()
  for (let answer = 0; answer < answers; answer++) {
    estimates.learn('m', { size, promptTokens, completionTokens })
  }
  return estimates
}

describe('createEstimates()', () => {
  it('estimates the upper bound of a model that it does not know', () => {
    const upper = upperBound(long)
    assert.equal(upper, 10_000 + 16)
    assert.deepEqual(createEstimates().prompt('m', long), { bound: upper, expected: upper })
  })

  it('expects what was billed with a margin, and keeps the bound', () => {
    const { bound, expected } = learnt({ promptTokens: 2_500 }).prompt('m', long)
    assert.equal(bound, upperBound(long))
    assert.equal(expected, Math.ceil(2_500 * 1.25))
  })

  it('expects the bound before 20 answers', () => {
    const { bound, expected } = learnt({ promptTokens: 2_500, answers: 19 }).prompt('m', long)
    assert.equal(expected, bound)
  })

  it('raises the bound for a model that was billed more than the upper bound', () => {
    const { bound } = learnt({ promptTokens: 20_032, answers: 1 }).prompt('m', long)
    assert.equal(bound, Math.ceil(20_032 * 1.25))
  })

  it('keeps the highest ratio, which decays', () => {
    const estimates = learnt({ promptTokens: 8_000 })
    const expected = () => estimates.prompt('m', long).expected
    const first = expected()
    estimates.learn('m', { size: long, promptTokens: 2_000, completionTokens: 1 })
    assert.ok(expected() > 0.99 * first)
    for (let answer = 0; answer < 5_000; answer++) {
      estimates.learn('m', { size: long, promptTokens: 2_000, completionTokens: 1 })
    }
    assert.ok(Math.abs(expected() - 2_500) <= 1)
  })

  it("adds the tokens of a model's template to prompts of all lengths", () => {
    const estimates = learnt({ promptTokens: 78, size: short, answers: 1 })
    const excess = 78 - upperBound(short)
    assert.equal(estimates.prompt('m', short).bound, 78)
    assert.equal(estimates.prompt('m', long).bound, upperBound(long) + excess)
  })

  it('reports the 95th percentile of completion tokens, up to 10 % too high', () => {
    const estimates = createEstimates()
    for (let tokens = 1; tokens <= 1_000; tokens++) {
      if (tokens === 20) assert.equal(estimates.completion95('m'), undefined)
      estimates.learn('m', { size: short, promptTokens: 1, completionTokens: (tokens * 7) % 1_000 })
    }
    const percentile = estimates.completion95('m')!
    assert.ok(percentile >= 950 && percentile <= 1_045, `${percentile}`)
  })

  it('ignores the length of answers that were cut', () => {
    const estimates = createEstimates()
    for (let answer = 0; answer < 100; answer++) {
      estimates.learn('m', { size: short, promptTokens: 1, completionTokens: undefined })
    }
    assert.equal(estimates.completion95('m'), undefined)
  })

  it('continues from what was saved, and saves only changes', () => {
    const first = learnt({ promptTokens: 2_500 })
    const saved = first.takeChanges()
    assert.deepEqual(first.takeChanges(), [])
    const second = createEstimates()
    second.load(saved)
    assert.deepEqual(second.takeChanges(), [])
    assert.deepEqual(second.prompt('m', long), first.prompt('m', long))
    assert.equal(second.completion95('m'), first.completion95('m'))
  })

  it('keeps at most 256 models', () => {
    const estimates = createEstimates()
    for (let model = 0; model < 1_000; model++) {
      estimates.learn(`m${model}`, { size: short, promptTokens: 1, completionTokens: 1 })
    }
    assert.equal(estimates.takeChanges().length, 256)
  })
})
