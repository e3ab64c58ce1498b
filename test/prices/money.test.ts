import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { displayUsd, formatUsd, parseRate, usdOf } from '../../src/prices/money.ts'

describe('formatUsd()', () => {
  const rows: [nanoDollars: number | bigint, text: string][] = [
    [0, '0.000000000'],
    [1, '0.000000001'],
    [1_234_567, '0.001234567'],
    [-5n, '-0.000000005'],
    [12_000_000_000n, '12.000000000'],
    [2n ** 63n, '9223372036.854775808'],
  ]
  for (const [nanoDollars, text] of rows) {
    it(`formats ${nanoDollars}`, () => assert.equal(formatUsd(nanoDollars), text))
  }
})

describe('displayUsd()', () => {
  const rows: [nanoDollars: number, text: string][] = [
    [0, '$0.00'],
    [12_345_678, '$0.012345'],
    [500_000_000, '$0.50'],
    [50_123_456_789, '$50.12'],
    [-2_000_000_000, '-$2.00'],
  ]
  for (const [nanoDollars, text] of rows) {
    it(`displays ${text}`, () => assert.equal(displayUsd(nanoDollars), text))
  }
})

describe('parseRate()', () => {
  const rows: [usd: string, per: number, rate: ReturnType<typeof parseRate>][] = [
    ['3', 1_000_000, { nanoDollars: 3_000_000_000, per: 1_000_000 }],
    ['0.75', 1_000_000, { nanoDollars: 750_000_000, per: 1_000_000 }],
    ['0.0000000025', 1, { nanoDollars: 25, per: 10 }],
    ['0.000', 10_000, { nanoDollars: 0, per: 10_000 }],
    ['-1', 1, undefined],
    ['1e3', 1, undefined],
    ['.5', 1, undefined],
    ['', 1, undefined],
    ['999999999', 1, undefined],
  ]
  for (const [usd, per, rate] of rows) {
    it(`reads "${usd}" for ${per}`, () => assert.deepEqual(parseRate(usd, per), rate))
  }

  it('is undone by usdOf()', () => {
    for (const usd of ['3', '0.75', '0.0018', '15.000001', '0']) {
      assert.equal(usdOf(parseRate(usd, 10_000)!, 10_000), usd)
    }
  })
})
