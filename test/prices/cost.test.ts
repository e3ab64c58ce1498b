import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { cost, splitCost, worstCase } from '../../src/prices/cost.ts'
import type { Consumption, Price, PriceMetric, PriceTier, Rate } from '../../src/prices/price.ts'

const NOTHING: Consumption = {
  ...{ promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
  ...{ promptCharacters: 0, answerCharacters: 0, searchUnits: 0, requests: 0 },
}

const rate = (nanoDollars: number, per: number, partNumber?: string): Rate => ({
  ...{ nanoDollars, per },
  ...(partNumber !== undefined && { partNumber }),
})

function price(metric: PriceMetric, ...tiers: [PriceTier, ...PriceTier[]]): Price {
  return { model: 'm', metric, tiers, source: 'operator', date: '2026-11-28' }
}

describe('cost()', () => {
  const tokens = price('tokens', {
    input: rate(3, 2, 'IN'),
    cached: rate(1, 4, 'CACHED'),
    output: rate(10, 1, 'OUT'),
  })
  const rows: [name: string, price: Price, used: Partial<Consumption>, nanoDollars: number][] = [
    ['nothing', tokens, {}, 0],
    ['whole nano-dollars', tokens, { promptTokens: 2 }, 3],
    ['a half is rounded up', tokens, { promptTokens: 1 }, 2],
    ['the sum is rounded once: 1.5 + 0.25 + 10', tokens, {
      ...{ promptTokens: 2, cachedTokens: 1, completionTokens: 1 },
    }, 12],
    ['more cached tokens than tokens', tokens, { promptTokens: 4, cachedTokens: 9 }, 1],
    ['characters', price('characters', { input: rate(5, 10), output: rate(5, 10) }), {
      ...{ promptCharacters: 3, answerCharacters: 4, promptTokens: 1_000 },
    }, 4],
    ['search units', price('searchUnits', { input: rate(5, 2) }), { searchUnits: 3 }, 8],
    ['requests', price('requests', { input: rate(5, 1) }), { requests: 2, promptTokens: 9 }, 10],
    [
      'products above 2⁵³',
      price('tokens', { input: rate(9_000_000_000_000_000, 1_000_000_000_000) }),
      { promptTokens: 3_000_000 },
      27_000_000_000,
    ],
  ]
  for (const [name, priceOfRow, used, nanoDollars] of rows) {
    it(`calculates ${name}`, () => {
      assert.equal(cost(priceOfRow, { ...NOTHING, ...used }).nanoDollars, nanoDollars)
    })
  }

  it('names the part numbers of the rates that were used, and the date', () => {
    const { partNumbers, pricesAsOf } = cost(tokens, {
      ...NOTHING,
      ...{ promptTokens: 5, cachedTokens: 5, completionTokens: 1 },
    })
    assert.deepEqual(partNumbers, ['CACHED', 'OUT'])
    assert.equal(pricesAsOf, '2026-11-28')
  })

  const tiered = price('tokens', { maxPromptTokens: 99, input: rate(1, 1), output: rate(2, 1) }, {
    maxPromptTokens: 199,
    ...{ input: rate(3, 1), output: rate(4, 1) },
  }, { input: rate(5, 1), output: rate(6, 1) })
  const lengths: [promptTokens: number, input: number, output: number][] = [
    ...[[1, 1, 2], [99, 1, 2], [100, 3, 4], [199, 3, 4]] as const,
    ...[[200, 5, 6], [1_000_000, 5, 6]] as const,
  ].map(([...row]) => row)
  for (const [promptTokens, input, output] of lengths) {
    it(`takes the tier of a prompt of ${promptTokens} tokens for all its tokens`, () => {
      const { nanoDollars } = cost(tiered, { ...NOTHING, promptTokens, completionTokens: 7 })
      assert.equal(nanoDollars, promptTokens * input + 7 * output)
    })
  }
})

describe('splitCost()', () => {
  const own = price('tokens', {
    maxPromptTokens: 99,
    input: rate(3, 2, 'IN'),
    cached: rate(1, 2, 'CACHED'),
    output: rate(7, 1, 'OUT'),
  }, { input: rate(6, 2, 'IN2'), output: rate(9, 1, 'OUT2') })

  function shares(used: Partial<Consumption>, nanoDollars: number, parts: string[], of = own) {
    const split = splitCost(of, { ...NOTHING, ...used }, nanoDollars, parts)
    return Object.fromEntries(
      [...split].map(([part, { units, nanoDollars }]) => [part, [units, Number(nanoDollars)]]),
    )
  }

  it('divides a cost among the part numbers, without a rest', () => {
    const used = { promptTokens: 12, cachedTokens: 2, completionTokens: 1 }
    const { nanoDollars, partNumbers } = cost(own, { ...NOTHING, ...used })
    assert.equal(nanoDollars, 23)
    const parts = [...partNumbers]
    assert.deepEqual(shares(used, 23, parts), { IN: [10, 15], CACHED: [2, 1], OUT: [1, 7] })
    assert.deepEqual(shares(used, 100, parts), { IN: [10, 65], CACHED: [2, 4], OUT: [1, 31] })
  })

  it('takes the tier whose part numbers were charged', () => {
    const used = { promptTokens: 150, completionTokens: 2 }
    assert.deepEqual(shares(used, 239, ['IN', 'OUT']), { IN: [150, 225], OUT: [2, 14] })
    assert.deepEqual(shares(used, 468, ['IN2', 'OUT2']), { IN2: [150, 450], OUT2: [2, 18] })
    assert.deepEqual(shares(used, 468, ['X']), { IN2: [150, 450], OUT2: [2, 18] })
  })

  it('adds up the units of a part number', () => {
    const both = price('characters', { input: rate(1, 1, 'A'), output: rate(1, 1, 'A') })
    const used = { promptCharacters: 3, answerCharacters: 4 }
    assert.deepEqual(shares(used, 7, ['A'], both), { A: [7, 7] })
  })

  it('is empty for a price without part numbers', () => {
    const plain = price('tokens', { input: rate(1, 1), output: rate(1, 1) })
    assert.deepEqual(shares({ promptTokens: 3 }, 3, [], plain), {})
  })
})

describe('worstCase()', () => {
  const count = (max: number) => fc.integer({ min: 0, max })
  const rates = fc.record({ nanoDollars: count(1e12), per: fc.integer({ min: 1, max: 1e6 }) })
  const tiers = fc.record({
    maxPromptTokens: fc.integer({ min: 1, max: 2_000 }),
    ...{ input: rates, cached: fc.option(rates, { nil: undefined }), output: rates },
  })
  const prices = fc.record({
    metric: fc.constantFrom<PriceMetric>('tokens', 'characters', 'searchUnits', 'requests'),
    tiers: fc.uniqueArray(tiers, {
      minLength: 1,
      maxLength: 4,
      selector: ({ maxPromptTokens }) => maxPromptTokens,
    }),
  }).map(({ metric, tiers }) => {
    const sorted: PriceTier[] = tiers.toSorted((a, b) => a.maxPromptTokens - b.maxPromptTokens)
    const [first, ...rest] = sorted.map((tier, index) =>
      index < sorted.length - 1 ? tier : { ...tier, maxPromptTokens: undefined }
    )
    return price(metric, first!, ...rest)
  })
  const planned = fc.record({
    ...{ promptTokens: count(3_000), promptCharacters: count(9_000) },
    ...{ searchUnits: count(9), requests: count(9), output: count(1_000) },
  })

  it('is at least what any smaller consumption costs', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const shares = fc.record({ prompt: share, cached: share, output: share })
    fc.assert(fc.property(prices, planned, shares, (price, { output, ...plan }, part) => {
      const { fixed, perOutputToken } = worstCase(price, plan)
      const promptTokens = Math.floor(plan.promptTokens * part.prompt)
      const completionTokens = Math.floor(output * part.output)
      const { nanoDollars } = cost(price, {
        ...{ promptTokens, completionTokens },
        cachedTokens: Math.floor(promptTokens * part.cached),
        promptCharacters: Math.floor(plan.promptCharacters * part.prompt),
        answerCharacters: completionTokens * 32,
        ...{ searchUnits: plan.searchUnits, requests: plan.requests },
      })
      assert.ok(nanoDollars <= fixed + perOutputToken * output)
    }))
  })
})
