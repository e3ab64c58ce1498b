import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFailedAuthLimiter } from '../../src/access/failed-auth-limiter.ts'

describe('createFailedAuthLimiter()', () => {
  it('blocks an address after the allowed number of invalid keys, and no other address', () => {
    const failures = createFailedAuthLimiter({ failedAuthPerMinute: 3 }, () => 0)
    const blocked = [1, 2, 3, 4].map(() => {
      const isBlocked = failures.isBlocked('a')
      failures.recordFailure('a')
      return isBlocked
    })
    assert.deepEqual(blocked, [false, false, false, true])
    assert.equal(failures.isBlocked('b'), false)
  })

  it('allows one more key after its share of a minute, and all after a minute', () => {
    let now = 0
    const failures = createFailedAuthLimiter({ failedAuthPerMinute: 3 }, () => now)
    const fail = () => failures.recordFailure('a')
    for (let count = 0; count < 3; count++) fail()
    now = 19_999
    assert.equal(failures.isBlocked('a'), true)
    now = 20_000
    assert.equal(failures.isBlocked('a'), false)
    fail()
    assert.equal(failures.isBlocked('a'), true)
    now = 80_000
    for (let count = 0; count < 2; count++) fail()
    assert.equal(failures.isBlocked('a'), false)
  })

  it('applies another number of keys to the failures that it has counted', () => {
    const limits = { failedAuthPerMinute: 1 }
    let now = 0
    const failures = createFailedAuthLimiter(limits, () => now)
    failures.recordFailure('a')
    assert.equal(failures.isBlocked('a'), true)
    limits.failedAuthPerMinute = 60
    now = 1_000
    assert.equal(failures.isBlocked('a'), false)
    failures.recordFailure('a')
    assert.equal(failures.isBlocked('a'), true)
  })

  it('keeps the 10,000 most recent addresses', () => {
    const failures = createFailedAuthLimiter({ failedAuthPerMinute: 1 }, () => 0)
    for (let address = 0; address <= 10_000; address++) failures.recordFailure(String(address))
    const blocked = ['0', '1', '10000'].map((address) => failures.isBlocked(address))
    assert.deepEqual(blocked, [false, true, true])
  })
})
