import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createEventLoopYield } from '../../src/access/heavy-work.ts'

describe('createEventLoopYield()', () => {
  it('F2: runs each step in its own iteration of the event loop, in order', async () => {
    const yieldToEventLoop = createEventLoopYield({ shared: true })
    const steps: string[] = []
    const work = async (name: string) => {
      await yieldToEventLoop()
      steps.push(name)
      // Work of another request, between two steps.
      setTimeout(() => steps.push('other'), 0)
    }
    await Promise.all(['a', 'b', 'c'].map(work))
    await yieldToEventLoop()
    await yieldToEventLoop()
    assert.deepEqual(steps.filter((step) => step !== 'other'), ['a', 'b', 'c'])
    assert.ok(steps.indexOf('other') < steps.indexOf('c'), String(steps))
  })

  it('F2: yields between two steps even if the first one starts late', async () => {
    const yieldToEventLoop = createEventLoopYield({ shared: true })
    const steps: string[] = []
    const work = async (name: string) => {
      await yieldToEventLoop()
      // An outer caller continues some microtasks later.
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

  it('F2: a request that needs three iterations is served between two steps', async () => {
    const yieldToEventLoop = createEventLoopYield({ shared: true })
    const steps: string[] = []
    const nextIteration = () => new Promise((resolve) => setImmediate(resolve))
    const work = async (name: string) => {
      await yieldToEventLoop()
      steps.push(name)
    }
    const serve = async () => {
      for (const step of ['accept', 'read', 'respond']) {
        await nextIteration()
        steps.push(step)
      }
    }
    await Promise.all([work('a').then(serve), work('b')])
    assert.deepEqual(steps, ['a', 'accept', 'read', 'respond', 'b'])
  })

  it('does not queue where requests must not wait for each other', async () => {
    const yieldToEventLoop = createEventLoopYield({ shared: false })
    const steps: string[] = []
    const turns = ['a', 'b'].map((name) => yieldToEventLoop().then(() => steps.push(name)))
    const other = new Promise((resolve) => setTimeout(resolve, 0))
    await Promise.all([...turns, other.then(() => steps.push('other'))])
    assert.deepEqual(steps, ['a', 'b', 'other'])
  })
})
