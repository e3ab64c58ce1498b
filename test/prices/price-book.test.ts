import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BUILT_IN_PRICES } from '../../src/prices/built-in.ts'
import { decodePrice } from '../../src/prices/decode-price.ts'
import { createPriceBook, storePrice } from '../../src/prices/price-book.ts'
import type { Price } from '../../src/prices/price.ts'

function price(model: string, nanoDollars = 1): Price {
  const tiers: Price['tiers'] = [{ input: { nanoDollars, per: 1 } }]
  return { model, metric: 'tokens', tiers, source: 'operator', date: '2026-11-28' }
}

describe('createPriceBook()', () => {
  it('finds the exact name before the longest pattern', () => {
    const book = createPriceBook([], [price('a*'), price('a.b*'), price('a.b.c')])
    assert.equal(book.find('a.b.c')?.model, 'a.b.c')
    assert.equal(book.find('a.b.d')?.model, 'a.b*')
    assert.equal(book.find('a')?.model, 'a*')
    assert.equal(book.find('b'), undefined)
  })

  it('finds a stored pattern before a built-in name', () => {
    const book = createPriceBook([storePrice(price('a*', 7))], [price('a.b')])
    assert.equal(book.find('a.b')?.tiers[0].input.nanoDollars, 7)
  })

  it('finds the built-in price again where the stored one is null', () => {
    const book = createPriceBook([{ model: 'a', price: 'null' }], [price('a', 3)])
    assert.equal(book.find('a')?.tiers[0].input.nanoDollars, 3)
  })

  it('lists each model once, by name', () => {
    const book = createPriceBook([storePrice(price('b', 7))], [price('c'), price('b'), price('a')])
    const listed = book.list().map(({ model, tiers }) => `${model} ${tiers[0].input.nanoDollars}`)
    assert.deepEqual(listed, ['a 1', 'b 7', 'c 1'])
  })

  it('rejects a stored price that it cannot read', () => {
    const broken = { model: 'a', price: '{"model":"a"}' }
    assert.throws(() => createPriceBook([broken], []), /stored price of a/)
  })
})

describe('decodePrice()', () => {
  it('reads all built-in prices', () => {
    for (const row of BUILT_IN_PRICES) {
      assert.deepEqual(decodePrice(JSON.parse(JSON.stringify(row))), row)
    }
  })

  const [input] = [{ nanoDollars: 1, per: 1 }]
  const invalid: [name: string, change: object][] = [
    ['no tier', { tiers: [] }],
    ['a maximum of the last tier', { tiers: [{ maxPromptTokens: 5, input }] }],
    ['tiers out of order', {
      tiers: [{ maxPromptTokens: 5, input }, { maxPromptTokens: 4, input }, { input }],
    }],
    ['a fraction', { tiers: [{ input: { nanoDollars: 1.5, per: 1 } }] }],
    ['a negative rate', { tiers: [{ input: { nanoDollars: -1, per: 1 } }] }],
    ['zero units', { tiers: [{ input: { nanoDollars: 1, per: 0 } }] }],
    ['another metric', { metric: 'hours' }],
    ['no date', { date: 'today' }],
  ]
  for (const [name, change] of invalid) {
    it(`rejects ${name}`, () => assert.equal(decodePrice({ ...price('a'), ...change }), undefined))
  }
})

describe('BUILT_IN_PRICES', () => {
  it('has each model once, and each rate has a part number', () => {
    const models = BUILT_IN_PRICES.map(({ model }) => model)
    assert.deepEqual(models, [...new Set(models)])
    const rates = BUILT_IN_PRICES.flatMap(({ tiers }) => tiers)
      .flatMap(({ input, cached, output }) => [input, cached, output])
      .filter((rate) => rate !== undefined)
    for (const { partNumber = '' } of rates) assert.match(partNumber, /^B\d{6}$/)
  })
})
