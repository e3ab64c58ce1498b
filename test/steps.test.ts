import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mapInSteps, runAtOnce, runInSteps, type Steps } from '../src/steps.ts'

/** A clock that work advances, and the number of pauses. */
function createMachine() {
  let time = 0
  let pauses = 0
  return {
    work: (ms: number) => time += ms,
    now: () => time,
    pauses: () => pauses,
    yieldToEventLoop: () => {
      pauses++
      // Other requests are served: their time is not work of this one.
      time += 1_000
      return Promise.resolve()
    },
  }
}

describe('runInSteps()', () => {
  const cases: [title: string, steps: number[], pauses: number][] = [
    ['does not pause for work that takes little time', Array<number>(15).fill(1), 0],
    ['pauses after each 20 ms of small steps', Array<number>(100).fill(1), 5],
    ['pauses after each long step', [300, 300, 300], 3],
    ['does not count the time of a pause as work', [20, 1, 1, 20], 2],
  ]
  for (const [title, times, pauses] of cases) {
    it(`F2: ${title}`, async () => {
      const machine = createMachine()
      const steps = mapInSteps(times, machine.work)
      await runInSteps(steps, machine.yieldToEventLoop, machine.now)
      assert.equal(machine.pauses(), pauses)
    })
  }

  it('F2: runs the steps of a small request without a pause, whatever they take', async () => {
    const machine = createMachine()
    const results = await runInSteps(mapInSteps([500, 500], machine.work), undefined, machine.now)
    assert.deepEqual(results, [500, 1_000])
  })

  it('rejects with the error of a step, and runs no further ones', async () => {
    const machine = createMachine()
    const done: number[] = []
    const steps = mapInSteps([1, 2, 3], (item) => {
      if (item === 2) throw new Error('second')
      done.push(item)
    })
    await assert.rejects(async () => await runInSteps(steps, machine.yieldToEventLoop), {
      message: 'second',
    })
    assert.deepEqual(done, [1])
  })
})

describe('runAtOnce()', () => {
  it('returns the result of nested steps', () => {
    function* sum(): Steps<number> {
      const doubled = yield* mapInSteps([1, 2], (item, index) => item * 2 + index)
      yield
      return doubled.reduce((total, item) => total + item, 0)
    }
    assert.equal(runAtOnce(sum()), 7)
  })
})
