import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inTime, withTimeout } from '../src/timeout.ts'

const NEVER = new Promise<never>(() => {})

describe('withTimeout()', () => {
  it('resolves and rejects like the promise', async () => {
    assert.equal(await withTimeout(60_000, Promise.resolve(7)), 7)
    await assert.rejects(withTimeout(60_000, Promise.reject(new Error('no'))), { message: 'no' })
  })

  it('resolves with undefined after the timeout', async () => {
    assert.equal(await withTimeout(1, NEVER), undefined)
  })

  it('ignores a rejection after the timeout', async () => {
    const late = Promise.withResolvers<never>()
    assert.equal(await withTimeout(1, late.promise), undefined)
    // An unhandled rejection would fail this test file.
    late.reject(new Error('late'))
    await new Promise((resolve) => setTimeout(resolve, 0))
  })
})

describe('inTime()', () => {
  const late = () => new Error('late')

  it('resolves and rejects like the promise', async () => {
    assert.equal(await inTime(60_000, Promise.resolve(7), late), 7)
    await assert.rejects(inTime(60_000, Promise.reject(new Error('no')), late), { message: 'no' })
  })

  it('rejects with the error of the timeout, and ignores what follows', async () => {
    const promise = Promise.withResolvers<never>()
    await assert.rejects(inTime(1, promise.promise, late), { message: 'late' })
    // An unhandled rejection would fail this test file.
    promise.reject(new Error('later'))
    await new Promise((resolve) => setTimeout(resolve, 0))
  })

  it('has no limit when it is 0', async () => {
    assert.equal(await inTime(0, Promise.resolve(7), late, NO_TIMERS), 7)
  })
})

const NO_TIMERS = {
  after(): never {
    throw new Error('no timer is needed')
  },
}
