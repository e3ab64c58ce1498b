import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inParallel } from '../../../src/oci/async/in-parallel.ts'

const NEVER_ABORTED = new AbortController().signal

describe('inParallel()', () => {
  it('returns results in the order of the items, not of completion', async () => {
    const results = await inParallel([30, 10, 20, 0], 4, NEVER_ABORTED, async (ms) => {
      await sleep(ms)
      return `${ms} ms`
    })
    assert.deepEqual(results, ['30 ms', '10 ms', '20 ms', '0 ms'])
  })

  it('runs at most `limit` items in parallel', async () => {
    const running = new Set<number>()
    const counts = await inParallel([...Array(20).keys()], 3, NEVER_ABORTED, async (item) => {
      running.add(item)
      const count = running.size
      await sleep(1)
      running.delete(item)
      return count
    })
    assert.equal(Math.max(...counts), 3)
  })

  it('does nothing for an empty list', async () => {
    assert.deepEqual(
      await inParallel([], 4, NEVER_ABORTED, () => Promise.reject(new Error('done'))),
      [],
    )
  })

  it('aborts the rest at the first failure and starts no more', async () => {
    const started: number[] = []
    const reasons: unknown[] = []
    const failure = new Error('the second failed')
    const work = inParallel([0, 1, 2, 3], 2, NEVER_ABORTED, async (item, signal) => {
      started.push(item)
      if (item === 1) throw failure
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      reasons.push(signal.reason)
      throw signal.reason
    })
    await assert.rejects(work, failure)
    await sleep(1)
    assert.deepEqual(started, [0, 1])
    assert.deepEqual(reasons, [failure])
  })

  it('aborts when its signal does', async () => {
    const abort = new AbortController()
    const left = new Error('left')
    const work = inParallel([0, 1], 2, abort.signal, async (_, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw signal.reason
    })
    abort.abort(left)
    await assert.rejects(work, left)
  })

  it('passes on a signal that is already aborted', async () => {
    const work = inParallel([0], 1, AbortSignal.abort('gone'), (_, signal) => {
      signal.throwIfAborted()
      return Promise.resolve()
    })
    await assert.rejects(work, (thrown) => thrown === 'gone')
  })
})

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
