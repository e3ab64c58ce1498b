import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatBudget, parseBudget } from '../../src/access/budget-text.ts'
import {
  createKeyId,
  createKeySecret,
  hashKey,
  isStoredKeyText,
} from '../../src/access/create-key.ts'
import { parseDuration } from '../../src/access/duration-text.ts'
import type { Budget } from '../../src/store/records.ts'

const budgets: [text: string, budget: Budget][] = [
  ['5/month', { unit: 'usd', amount: 5_000_000_000, period: 'month' }],
  ['0.25/day', { unit: 'usd', amount: 250_000_000, period: 'day' }],
  ['0.000000001/total', { unit: 'usd', amount: 1, period: 'total' }],
  ['100tokens/total', { unit: 'tokens', amount: 100, period: 'total' }],
  ['100000tokens/week', { unit: 'tokens', amount: 100_000, period: 'week' }],
]

const invalidBudgets = [
  ...['', '5', '5/year', '0/month', '-5/month', '1e3/month', '5 USD/month', '0.0000000001/day'],
  ...['tokens/day', '1.5tokens/day', '0tokens/day', '9999999999999999tokens/day', 'NaN/day'],
]

const durations: [text: string, ms: number][] = [
  ['30s', 30_000],
  ['15m', 900_000],
  ['12h', 43_200_000],
  ['90d', 7_776_000_000],
]

describe('parseBudget()', () => {
  for (const [text, budget] of budgets) {
    it(`reads ${text}, which formatBudget() writes`, () => {
      assert.deepEqual(parseBudget(text), budget)
      assert.equal(formatBudget(budget), text)
    })
  }
  it('accepts a dollar sign', () => {
    assert.deepEqual(parseBudget('$5/month'), budgets[0]?.[1])
  })
  for (const text of invalidBudgets) {
    it(`rejects "${text}"`, () => {
      assert.throws(() => parseBudget(text), { code: 'invalid_request', param: 'budget' })
    })
  }
})

describe('parseDuration()', () => {
  for (const [text, ms] of durations) {
    it(`reads ${text}`, () => assert.equal(parseDuration(text), ms))
  }
  for (const text of ['', '0d', '90', '1w', '-1d', '1.5h', '99999999d', 'd']) {
    it(`rejects "${text}"`, () => {
      assert.throws(() => parseDuration(text), { code: 'invalid_request', param: 'expires' })
    })
  }
})

describe('createKeySecret()', () => {
  it('has a prefix and 43 letters and digits, and never repeats', () => {
    const keys = Array.from({ length: 200 }, createKeySecret)
    assert.ok(keys.every((key) => /^ogk_[0-9A-Za-z]{43}$/.test(key) && isStoredKeyText(key)))
    assert.equal(new Set(keys).size, 200)
    // All digits of base 62 occur.
    assert.equal(new Set(keys.join('').replaceAll('ogk_', '')).size, 62)
  })

  it('is stored as its SHA-256', async () => {
    assert.equal(
      await hashKey('abc'),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })
})

describe('createKeyId()', () => {
  it('has 16 letters and digits', () => assert.match(createKeyId(), /^[0-9A-Za-z]{16}$/))
})
