import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inParallel } from '../../../src/oci/async/in-parallel.ts'

const STAYS = new AbortController().signal

describe('inParallel()', () => {
  it('gives results in the order of the items, whichever is done first', async () => {
    const results = await inParallel([30, 10, 20, 0], 4, STAYS, async (ms) => {
      await sleep(ms)
      return `${ms} ms`
    })
    assert.deepEqual(results, ['30 ms', '10 ms', '20 ms', '0 ms'])
  })

  it('does no more at once than it may', async () => {
    const running = new Set<number>()
    const counts = await inParallel([...Array(20).keys()], 3, STAYS, async (item) => {
      running.add(item)
      const count = running.size
      await sleep(1)
      running.delete(item)
      return count
    })
    assert.equal(Math.max(...counts), 3)
  })

  it('does nothing for no items', async () => {
    assert.deepEqual(await inParallel([], 4, STAYS, () => Promise.reject(new Error('done'))), [])
  })

  it('ends the rest at the first failure, and begins no more', async () => {
    const begun: number[] = []
    const reasons: unknown[] = []
    const failure = new Error('the second failed')
    const work = inParallel([0, 1, 2, 3], 2, STAYS, async (item, signal) => {
      begun.push(item)
      if (item === 1) throw failure
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      reasons.push(signal.reason)
      throw signal.reason
    })
    await assert.rejects(work, failure)
    await sleep(1)
    assert.deepEqual(begun, [0, 1])
    assert.deepEqual(reasons, [failure])
  })

  it('ends when its signal does', async () => {
    const abort = new AbortController()
    const left = new Error('left')
    const work = inParallel([0, 1], 2, abort.signal, async (_, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw signal.reason
    })
    abort.abort(left)
    await assert.rejects(work, left)
  })

  it('works on a signal that is aborted already', async () => {
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
