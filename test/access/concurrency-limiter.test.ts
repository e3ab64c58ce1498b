import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import {
  type ConcurrencyLimiter,
  createConcurrencyLimiter,
  type Permit,
} from '../../src/access/concurrency-limiter.ts'
import { withFakeClock } from '../fake-clock.ts'

describe('createConcurrencyLimiter()', () => {
  it('grants at most `max` permits', () => {
    const limiter = createConcurrencyLimiter({ max: 2, maxPerClient: 2 })
    assert.deepEqual(['a', 'b', 'c'].map((client) => reasonOf(limiter, client)), ['', '', 'full'])
    assert.deepEqual([limiter.active, limiter.max], [2, 2])
  })

  it('grants one permit for each released one, even if it is released twice', () => {
    const limiter = createConcurrencyLimiter({ max: 3, maxPerClient: 2 })
    const [permit] = [acquire(limiter, 'a'), acquire(limiter, 'a')]
    limiter.release(permit)
    limiter.release(permit)
    assert.equal(limiter.active, 1)
    const reasons = ['a', 'a', 'b', 'c'].map((client) => reasonOf(limiter, client))
    assert.deepEqual(reasons, ['', 'client-full', '', 'full'])
  })

  it('F12: keeps permits for other clients when one client sends many requests', () => {
    const limiter = createConcurrencyLimiter({ max: 4, maxPerClient: 2 })
    const permit = acquire(limiter, 'greedy')
    const reasons = ['greedy', 'greedy', 'other'].map((client) => reasonOf(limiter, client))
    assert.deepEqual(reasons, ['', 'client-full', ''])
    limiter.release(permit)
    assert.equal(reasonOf(limiter, 'greedy'), '')
  })

  it('grants any number of permits without a limit', async () => {
    const limiter = createConcurrencyLimiter({ max: Infinity, maxPerClient: 1 })
    assert.deepEqual(['a', 'a'].map((client) => reasonOf(limiter, client)), ['', ''])
    assert.equal(limiter.active, 0)
    await drainsAtOnce(limiter)
    assert.equal(reasonOf(limiter, 'a'), 'draining')
  })

  it('drains immediately when no permit is held', async () => {
    const limiter = createConcurrencyLimiter({ max: 1, maxPerClient: 1 })
    await drainsAtOnce(limiter)
    assert.equal(limiter.isDraining, true)
    assert.equal(reasonOf(limiter, 'a'), 'draining')
  })

  it('Z11 waits for running requests and aborts none of them', async () => {
    const limiter = createConcurrencyLimiter({ max: 2, maxPerClient: 2 })
    const permits = [acquire(limiter, 'a'), acquire(limiter, 'a')]
    const aborts = permits.map((permit) => permit.abort = new AbortController())
    let isDrained = false
    const drained = limiter.drain(60_000, 'over').then(() => isDrained = true)
    for (const permit of permits) {
      await setImmediate()
      assert.equal(isDrained, false)
      limiter.release(permit)
    }
    await drained
    assert.deepEqual(aborts.map(({ signal }) => signal.aborted), [false, false])
  })

  it('Z11 aborts requests that take too long', () =>
    withFakeClock(async (clock) => {
      const limiter = createConcurrencyLimiter({ max: 2, maxPerClient: 2 })
      const [slow, other] = [acquire(limiter, 'a'), acquire(limiter, 'a')]
      const { signal } = slow.abort = new AbortController()
      signal.addEventListener('abort', () => {
        limiter.release(slow)
        limiter.release(other)
      })
      const drained = limiter.drain(10, 'over')
      await clock.advance(9)
      assert.equal(signal.aborted, false)
      await clock.advance(1)
      assert.equal(signal.reason, 'over')
      await drained
      assert.equal(clock.now, 10)
    }))

  it('Z11 waits one more second for a request that ignores its abort', () =>
    withFakeClock(async (clock) => {
      const limiter = createConcurrencyLimiter({ max: 1, maxPerClient: 1 })
      acquire(limiter, 'a')
      let isDrained = false
      void limiter.drain(10, 'over').then(() => isDrained = true)
      await clock.advance(1_009)
      assert.equal(isDrained, false)
      await clock.advance(1)
      assert.equal(isDrained, true)
    }))
})

/** Asserts that a limiter drains without waiting for any timer. */
async function drainsAtOnce(limiter: ConcurrencyLimiter): Promise<void> {
  await withFakeClock(async (clock) => {
    let isDrained = false
    void limiter.drain(60_000, 'over').then(() => isDrained = true)
    await clock.advance(0)
    assert.equal(isDrained, true)
  })
}

function acquire(limiter: ConcurrencyLimiter, client: string): Permit {
  const acquisition = limiter.acquire(client)
  assert.equal(acquisition.type, 'acquired')
  return acquisition.permit
}

/** Reason of a rejection; empty when a permit is granted. */
function reasonOf(limiter: ConcurrencyLimiter, client: string): string {
  const acquisition = limiter.acquire(client)
  return acquisition.type === 'rejected' ? acquisition.reason : ''
}
