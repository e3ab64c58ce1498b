import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withTimeout } from '../src/timeout.ts'

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
