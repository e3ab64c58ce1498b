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

  it('shares nothing where requests must not wait for each other', async () => {
    const takeTurn = createTurns({ shared: false })
    const steps: string[] = []
    const turns = ['a', 'b'].map((name) => takeTurn().then(() => steps.push(name)))
    const other = new Promise((resolve) => setTimeout(resolve, 0))
    await Promise.all([...turns, other.then(() => steps.push('other'))])
    assert.deepEqual(steps, ['a', 'b', 'other'])
  })
})
