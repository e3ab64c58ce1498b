import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { childController } from '../../../src/oci/async/child-controller.ts'

describe('childController()', () => {
  it("aborts with the parent's reason when the parent does", () => {
    const parent = new AbortController()
    const { signal } = childController(parent.signal)
    assert.equal(signal.aborted, false)
    parent.abort('gone')
    assert.deepEqual([signal.aborted, signal.reason], [true, 'gone'])
  })

  it('is aborted from the start when the parent is', () => {
    const { signal } = childController(AbortSignal.abort('gone'))
    assert.deepEqual([signal.aborted, signal.reason], [true, 'gone'])
  })

  it('aborts alone, without its parent', () => {
    const parent = new AbortController()
    const child = childController(parent.signal)
    child.abort('late')
    assert.deepEqual([child.signal.reason, parent.signal.aborted], ['late', false])
  })
})
