import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRetryBudget } from '../../../src/oci/resilience/retry-budget.ts'

function open(requests: number) {
  const time = { now: 5_000_000 }
  const budget = createRetryBudget({ ratio: 0.1, minimum: 6 }, () => time.now)
  for (let count = 0; count < requests; count++) budget.recordRequest()
  const takeAll = () => {
    let taken = 0
    while (taken < 1_000 && budget.tryTake()) taken++
    return taken
  }
  return { budget, time, takeAll }
}

const cases: [requests: number, retries: number][] = [[0, 6], [1, 6], [60, 6], [100, 10], [
  2_000,
  200,
]]

describe('createRetryBudget()', () => {
  for (const [requests, retries] of cases) {
    it(`allows ${retries} retries for ${requests} requests`, () => {
      assert.equal(open(requests).takeAll(), retries)
    })
  }

  it('allows the same number two minutes later', () => {
    const { takeAll, time } = open(0)
    assert.equal(takeAll(), 6)
    time.now += 60_000
    assert.equal(takeAll(), 0)
    time.now += 60_000
    assert.equal(takeAll(), 6)
  })

  it('ignores requests that are two minutes old', () => {
    const { takeAll, time } = open(2_000)
    time.now += 120_000
    assert.equal(takeAll(), 6)
  })

  it('B1: reserves two retries for each client when others have used up the budget', () => {
    const { budget, takeAll, time } = open(0)
    assert.equal(takeAll(), 6)
    assert.deepEqual(['b', 'b', 'b'].map((client) => budget.tryTake(client)), [true, true, false])
    assert.equal(budget.tryTake('c'), true)
    time.now += 120_000
    assert.equal(budget.tryTake('b'), true)
  })

  it('keeps counting when the clock is set back', () => {
    const { takeAll, time } = open(0)
    assert.equal(takeAll(), 6)
    time.now -= 3_600_000
    assert.equal(takeAll(), 0)
  })
})
