import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { untilAborted } from '../../../src/oci/async/until-aborted.ts'

describe('untilAborted()', () => {
  it('resolves and rejects like the promise', async () => {
    const { signal } = new AbortController()
    assert.equal(await untilAborted(Promise.resolve(7), signal), 7)
    await assert.rejects(untilAborted(Promise.reject(new Error('no')), signal), { message: 'no' })
  })

  it('F1: rejects when the client disconnects while others wait for the same work', async () => {
    const shared = Promise.withResolvers<string>()
    const [gone, other] = [new AbortController(), new AbortController()]
    const waiting = untilAborted(shared.promise, gone.signal)
    const others = untilAborted(shared.promise, other.signal)
    gone.abort('gone')
    await assert.rejects(waiting, (reason) => reason === 'gone')
    shared.resolve('token')
    assert.equal(await others, 'token')
  })

  it('rejects at once for a client that has already disconnected', async () => {
    const promise = new Promise<never>(() => {})
    await assert.rejects(untilAborted(promise, AbortSignal.abort('gone')), (it) => it === 'gone')
  })
  it('ignores a rejection of the shared work after an abort', async () => {
    const shared = Promise.withResolvers<never>()
    await assert.rejects(untilAborted(shared.promise, AbortSignal.abort('gone')))
    // An unhandled rejection would fail this test file.
    shared.reject(new Error('late'))
    await new Promise((resolve) => setTimeout(resolve, 0))
  })
})
