import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AbortHandle, AbortSource } from '../src/abort.ts'

/** Both kinds must behave in the same way. */
const kinds: [name: string, create: () => AbortHandle][] = [
  ['an AbortSource', () => new AbortSource()],
  ['an AbortController', () => new AbortController()],
]

for (const [name, create] of kinds) {
  describe(name, () => {
    it('stops once, for the first reason', () => {
      const abort = create()
      const { signal } = abort
      signal.throwIfAborted()
      assert.deepEqual([signal.aborted, signal.reason], [false, undefined])
      const first = new Error('first')
      let calls = 0
      signal.addEventListener('abort', () => calls++)
      abort.abort(first)
      abort.abort(new Error('second'))
      assert.deepEqual([signal.aborted, signal.reason, calls], [true, first, 1])
      assert.throws(() => signal.throwIfAborted(), first)
    })

    it('has an AbortError as its reason if there is no other', () => {
      const abort = create()
      abort.abort()
      assert.equal((abort.signal.reason as DOMException).name, 'AbortError')
    })

    it('calls its listeners in order, each once', () => {
      const abort = create()
      const called: string[] = []
      const twice = () => called.push('twice')
      const removed = () => called.push('removed')
      abort.signal.addEventListener('abort', twice)
      abort.signal.addEventListener('abort', removed)
      abort.signal.addEventListener('abort', () => called.push('last'), { once: true })
      abort.signal.addEventListener('abort', twice)
      abort.signal.removeEventListener('abort', removed)
      abort.abort()
      assert.deepEqual(called, ['twice', 'last'])
    })

    it('has stopped when a listener runs, and does not call one that another removes', () => {
      const abort = create()
      const states: boolean[] = []
      const removed = () => states.push(false)
      abort.signal.addEventListener('abort', () => {
        states.push(abort.signal.aborted)
        abort.signal.removeEventListener('abort', removed)
        abort.abort()
      })
      abort.signal.addEventListener('abort', removed)
      abort.abort()
      assert.deepEqual(states, [true])
    })

    it('does not call listeners that are added later', () => {
      const abort = create()
      abort.abort()
      abort.signal.addEventListener('abort', () => assert.fail('called'))
      abort.abort()
    })
  })
}
