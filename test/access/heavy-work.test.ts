import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTurns } from '../../src/access/heavy-work.ts'

describe('createTurns()', () => {
  it('F2: gives each piece of work a turn of the event loop of its own, in order', async () => {
    const takeTurn = createTurns({ shared: true })
    const steps: string[] = []
    const work = async (name: string) => {
      await takeTurn()
      steps.push(name)
      // What other requests do between two pieces.
      setTimeout(() => steps.push('other'), 0)
    }
    await Promise.all(['a', 'b', 'c'].map(work))
    await takeTurn()
    await takeTurn()
    assert.deepEqual(steps.filter((step) => step !== 'other'), ['a', 'b', 'c'])
    assert.ok(steps.indexOf('other') < steps.indexOf('c'), String(steps))
  })

  it('F2: leaves time between two pieces, even if the first begins later than its turn', async () => {
    const takeTurn = createTurns({ shared: true })
    const steps: string[] = []
    const work = async (name: string) => {
      await takeTurn()
      // The caller of a caller continues some microtasks later.
      for (let count = 0; count < 20; count++) await undefined
      steps.push(name)
      setImmediate(() => steps.push('network'))
      const began = performance.now()
      while (performance.now() - began < 5);
    }
    await Promise.all(['a', 'b', 'c'].map(work))
    assert.deepEqual(steps.filter((step, at) => step !== steps[at - 1]), [
      ...['a', 'network', 'b', 'network', 'c'],
    ])
  })

  it('shares nothing where requests must not wait for each other', async () => {
    const takeTurn = createTurns({ shared: false })
    await Promise.all([takeTurn(), takeTurn()])
  })
})
