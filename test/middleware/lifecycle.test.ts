import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLifecycle } from '../../src/middleware/lifecycle.ts'

describe('createLifecycle()', () => {
  it('ends with its handler and releases the first resource last', () => {
    const lifecycle = createLifecycle()
    const ended: string[] = []
    lifecycle.onEnd(() => ended.push('first'))
    lifecycle.onEnd(() => ended.push('second'))
    lifecycle.endHandler()
    lifecycle.endHandler()
    assert.deepEqual(ended, ['second', 'first'])
  })

  it('ends once, at the end of its extension', () => {
    const lifecycle = createLifecycle()
    let count = 0
    lifecycle.onEnd(() => count++)
    const end = lifecycle.extend()
    lifecycle.endHandler()
    assert.equal(count, 0)
    end()
    end()
    assert.equal(count, 1)
  })

  it('immediately releases a resource that is acquired after the end', () => {
    const lifecycle = createLifecycle()
    lifecycle.endHandler()
    let isReleased = false
    lifecycle.onEnd(() => isReleased = true)
    assert.equal(isReleased, true)
  })
})
