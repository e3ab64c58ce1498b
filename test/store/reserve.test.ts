import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { counterKey, type CounterValue, decide, openCounter } from '../../src/store/reserve.ts'
import type { CounterDemand, CounterName } from '../../src/store/store.ts'
import { demandOf, NOVEMBER, reservationOf } from './records.ts'

const T = 1_000_000_000
const MINUTE: CounterName = { scope: 'key:a', metric: 'requests', window: { type: 'minute' } }

describe('decide()', () => {
  type Case = [
    what: string,
    demands: readonly CounterDemand[],
    wanted: number,
    minimum: number,
    output: number | 'rejected',
  ]
  const cases: Case[] = [
    ['no limit', [], 50, 1, 50],
    ['all fits', [demandOf({}, 150, 100, 1)], 50, 50, 50],
    ['one unit less', [demandOf({}, 149, 100, 1)], 50, 1, 49],
    ['one unit less than the minimum', [demandOf({}, 149, 100, 1)], 50, 50, 'rejected'],
    ['only the prompt', [demandOf({}, 100, 100, 1)], 50, 0, 0],
    ['not even the prompt', [demandOf({}, 99, 100, 1)], 50, 0, 'rejected'],
    ['no output is wanted', [demandOf({}, 100, 100, 1)], 0, 0, 0],
    ['a fixed demand', [demandOf({}, 1, 1)], 50, 1, 50],
    ['a fixed demand over the limit', [demandOf({}, 0, 1)], 50, 1, 'rejected'],
    ['fractions are rounded up', [demandOf({}, 10, 0.5, 0.3)], 50, 1, 31],
    [
      'the smallest of several',
      [demandOf({}, 150, 100, 3), demandOf(NOVEMBER, 90, 10, 2)],
      50,
      1,
      16,
    ],
    ['a limit of 0', [demandOf({}, 0, 0, 1)], 50, 0, 0],
    ['exact with large numbers', [demandOf({}, 9e15, 1e15, 1e12)], 9000, 1, 8000],
  ]
  for (const [what, demands, wanted, minimum, output] of cases) {
    it(`reserves ${output} tokens: ${what}`, () => {
      const reservation = reservationOf('r', demands, { output: { wanted, minimum } })
      const decision = decide(reservation, new Map())
      assert.equal(decision.type === 'reserved' ? decision.output : decision.type, output)
    })
  }

  it('keeps the worst case of the output that fits, for the expiry', () => {
    const demands = [demandOf({ metric: 'cost' }, 3000, 1000, 40)]
    const reservation = reservationOf('r', demands, { output: { wanted: 100, minimum: 1 } })
    const decision = decide(reservation, new Map())
    const { promptTokens, completionTokens, cost, outcome } = decision.type === 'reserved'
      ? decision.held.row
      : {}
    assert.deepEqual([promptTokens, completionTokens, cost, outcome], [100, 50, 3000, 'expired'])
  })

  it('names the first demand that does not fit', () => {
    const [fits, first, second] = [
      demandOf(NOVEMBER, 10, 1),
      demandOf(MINUTE, 0, 1),
      demandOf({}, 0, 1),
    ]
    const decision = decide(reservationOf('r', [fits, first, second]), new Map())
    assert.equal(decision.type === 'rejected' && decision.demand, first)
  })
})

describe('openCounter()', () => {
  const used: CounterValue = { spent: 3, reserved: 2, window: T, endsAt: T + 60_000 }
  const cases: [what: string, stored: CounterValue | undefined, now: number, CounterValue][] = [
    ['first', undefined, T, { spent: 0, reserved: 0, window: T, endsAt: T + 60_000 }],
    ['within', used, T + 59_999, used],
    ['over', used, T + 60_000, {
      ...{ spent: 0, reserved: 0, window: T + 60_000, endsAt: T + 120_000 },
    }],
    ['set back a little', used, T - 60_000, used],
    ['set back far', used, T - 60_001, { ...used, endsAt: T - 1 }],
    [
      'a window is never used again',
      { ...used, endsAt: T - 1000 },
      T - 1000,
      { spent: 0, reserved: 0, window: T + 1, endsAt: T + 59_000 },
    ],
  ]
  for (const [what, stored, now, expected] of cases) {
    it(`opens a minute: ${what}`, () => {
      assert.deepEqual(openCounter(MINUTE, stored, now), expected)
    })
  }

  it('keeps a calendar window at any time', () => {
    const stored = { spent: 3, reserved: 2, window: 0, endsAt: 5 }
    const expected = { ...stored, endsAt: Date.UTC(2026, 11) }
    assert.deepEqual(openCounter(NOVEMBER, stored, 0), expected)
  })
})

describe('counterKey()', () => {
  it('differs for any two counters', () => {
    const names: CounterName[] = [
      { scope: 'team:a|none|key:b', metric: 'cost', window: { type: 'none' } },
      { scope: 'key:b', metric: 'cost', window: { type: 'none' } },
      { scope: 'none|key:b', metric: 'cost', window: { type: 'none' } },
      { scope: 'key:b', metric: 'tokens', window: { type: 'none' } },
      { scope: 'key:b', metric: 'cost', window: { type: 'minute' } },
      { scope: 'key:b', metric: 'cost', window: NOVEMBER.window },
    ]
    assert.equal(new Set(names.map(counterKey)).size, names.length)
  })
})
