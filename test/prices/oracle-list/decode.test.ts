import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BUILT_IN_PRICES } from '../../../src/prices/built-in.ts'
import { decodePrice } from '../../../src/prices/decode-price.ts'
import { decodePriceList, PRICE_LIST_URL } from '../../../src/prices/oracle-list/decode.ts'
import { TRAPS } from './list.ts'

const { prices, skipped } = decodePriceList(TRAPS, '2026-11-28')

describe('decodePriceList()', () => {
  for (const { model, metric, tiers } of BUILT_IN_PRICES) {
    it(`finds the built-in price of ${model} among the traps`, () => {
      const price = prices.find((other) => other.model === model)
      assert.deepEqual(price, { model, metric, tiers, source: PRICE_LIST_URL, date: '2026-11-28' })
    })
  }

  it('finds no other models than new versions', () => {
    const known = new Set(BUILT_IN_PRICES.map(({ model }) => model))
    const others = prices.map(({ model }) => model).filter((model) => !known.has(model))
    assert.deepEqual(others, ['xai.grok-9.1', 'xai.grok-9.3'])
  })

  it('makes prices that the store accepts', () => {
    for (const price of prices) assert.deepEqual(decodePrice(price), price)
  })

  it('takes the usual rate, not that of another service tier', () => {
    const price = prices.find(({ model }) => model === 'xai.grok-9.1')
    assert.deepEqual(
      price?.tiers.map(({ input, output }) => [input.partNumber, output?.partNumber]),
      [
        ['X000001', 'X000002'],
      ],
    )
  })

  it('takes USD, pay as you go, the dearest range, and a value as text', () => {
    const price = prices.find(({ model }) => model === 'xai.grok-9.3')
    assert.deepEqual(price?.tiers[0].input, {
      ...{ nanoDollars: 12_500, per: 1_000_000, partNumber: 'X000005' },
    })
  })

  it('says why other rows about Generative AI are not used', () => {
    const reasons = Object.fromEntries(skipped.map((row) => [row.partNumber, row.reason]))
    assert.deepEqual(reasons, {
      B108082: 'metric "AI Unit Per Hour"',
      B111438: 'not a model that the gateway knows',
      B111439: 'not a model that the gateway knows',
      B111804: 'not a model that the gateway knows',
      B111852: 'another kind of tokens',
      B111855: 'another kind of tokens',
      B111973: 'not a model that the gateway knows',
      B112414: 'metric "Gigabyte Storage Per Hour"',
      B112517: 'metric "Image"',
      X000003: 'another kind of tokens',
      X000004: 'no row for output tokens',
      X000007: 'no pay-as-you-go price in USD',
    })
  })

  const contradictions: [name: string, rows: [name: string, metric?: string][], reason: string][] =
    [
      [
        'two limits',
        [
          ['Input Tokens less than 128K tokens'],
          ['Input Tokens greater than 200K tokens'],
          ['Output Tokens'],
        ],
        'more than two tiers',
      ],
      [
        'one tier only',
        [['Input Tokens less than 200K'], ['Output Tokens']],
        'no row for input tokens',
      ],
      [
        'two metrics',
        [['Input Tokens'], ['Output Tokens'], ['', '1,000 Requests']],
        'rows with different metrics',
      ],
    ]
  for (const [name, rows, reason] of contradictions) {
    it(`has no price for a product with ${name}`, () => {
      const items = rows.map(([suffix, metricName = '1,000,000 Tokens'], index) => ({
        ...{ partNumber: `X${index}`, metricName },
        displayName: `OCI Generative AI - xAI - Grok 9.9${suffix && ` - ${suffix}`}`,
        currencyCodeLocalizations: [
          { currencyCode: 'USD', prices: [{ model: 'PAY_AS_YOU_GO', value: 1 }] },
        ],
      }))
      const list = decodePriceList({ items }, '2026-11-28')
      assert.deepEqual(list.prices, [])
      assert.deepEqual(new Set(list.skipped.map((row) => row.reason)), new Set([reason]))
    })
  }

  it('rejects another format', () => {
    for (const json of [null, [], {}, { items: {} }]) {
      assert.throws(() => decodePriceList(json, '2026-11-28'), /another format/)
    }
  })
})
