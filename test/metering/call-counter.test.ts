import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CallCounter } from '../../src/metering/call-counter.ts'
import { createEstimates } from '../../src/metering/estimates.ts'
import { measureUse } from '../../src/metering/measure.ts'
import { createPriceBook } from '../../src/prices/price-book.ts'
import type { TokenCounts } from '../../src/oci/call.ts'

/** A call with a model that costs 1,250 nano-dollars for a prompt token and 2,500 for another one. */
function openCounter() {
  const estimates = createEstimates()
  const prompt = { type: 'texts', texts: ['Hello'] } as const
  const planned = { endpoint: 'native', prompt, calls: 1, answers: 1 } as const
  const output = { tokens: 100, isFixed: true }
  const prices = createPriceBook([])
  const use = measureUse({ ...planned, model: 'xai.grok-4.3', output }, { estimates, prices })
  const options = { region: 'r', isStreamed: true, output: 100, estimates, now: () => 5 }
  return new CallCounter(use, {
    ...options,
    remember() {},
    repeat: () => Promise.resolve(false),
    priceOf: prices.find,
  })
}

const rows: [counts: TokenCounts, prompt: number, completion: number, cost: number][] = [
  [{ prompt: 10, completion: 4 }, 10, 4, 22_500],
  [{ prompt: 10 }, 10, 0, 12_500],
  [{ prompt: 9.5, completion: 3.1 }, 10, 4, 22_500],
  [{ prompt: -9, completion: -3, cached: -1, reasoning: -1 }, 0, 0, 0],
  [{ prompt: 10, completion: 4, cached: 99, reasoning: 99 }, 10, 4, 12_000],
]

describe('CallCounter', () => {
  for (const [counts, promptTokens, completionTokens, cost] of rows) {
    it(`counts whole tokens of ${JSON.stringify(counts)}`, () => {
      const counter = openCounter()
      assert.equal(counter.usage(counts), cost)
      const result = counter.result()
      assert.deepEqual([result.promptTokens, result.completionTokens], [
        promptTokens,
        completionTokens,
      ])
      assert.ok(result.cachedTokens >= 0 && result.cachedTokens <= promptTokens)
      assert.ok(result.reasoningTokens >= 0 && result.reasoningTokens <= completionTokens)
    })
  }

  it('has the region and the price of the model that OCI selected', () => {
    const counter = openCounter()
    counter.servedBy({ region: 'us-phoenix-1' })
    counter.servedBy({ model: 'openai.gpt-oss-120b' })
    counter.servedBy({})
    assert.equal(counter.region, 'us-phoenix-1')
    assert.equal(counter.use.model, 'openai.gpt-oss-120b')
    // 150 nano-dollars for a prompt token and 600 for another one.
    assert.equal(counter.usage({ prompt: 10, completion: 4 }), 10 * 150 + 4 * 600)
  })

  it('knows a model whose name has no vendor', () => {
    const counter = openCounter()
    counter.servedBy({ model: 'grok-4.3' })
    assert.equal(counter.use.model, 'xai.grok-4.3')
    assert.equal(counter.usage({ prompt: 10, completion: 4 }), 22_500)
  })

  it('keeps counts beyond all limits exact', () => {
    const counter = openCounter()
    counter.usage({ prompt: 1e308, completion: 1e308 })
    const { promptTokens, completionTokens } = counter.result()
    assert.ok(Number.isSafeInteger(promptTokens + completionTokens))
  })

  it('estimates the tokens of a stream without counts from its text', () => {
    const counter = openCounter()
    counter.text('123456789')
    const { completionTokens, isEstimated } = counter.result()
    assert.deepEqual([completionTokens, isEstimated, counter.firstTextAt], [3, true, 5])
  })

  it('costs nothing if OCI refused the call, unless text has arrived', () => {
    const [refused, cut] = [openCounter(), openCounter()]
    refused.refuse()
    cut.text('abc')
    cut.refuse()
    assert.equal(refused.result().cost?.nanoDollars, 0)
    assert.ok((cut.result().cost?.nanoDollars ?? 0) > 0)
  })
})
