import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { RequestTimers } from '../src/request-timers.ts'
import type { Timers } from '../src/timeout.ts'

describe('RequestTimers', () => {
  it('sets one timer of the runtime for timeouts that are cancelled', () => {
    const runtime = createRuntime()
    const timers = new RequestTimers(runtime.timers, runtime.now)
    for (const ms of [60_000, 120_000, 60_000, 400_000]) {
      timers.after(ms, () => assert.fail('a cancelled timer has run'))()
      runtime.pass(1_000)
    }
    assert.equal(runtime.set(), 1)
    timers.close()
    assert.equal(runtime.pending(), 0)
  })

  it('runs each timer when it is due, as timers of its own would', () => {
    const timer = fc.record({
      begin: fc.nat(100),
      ms: fc.nat(100),
      cancelled: fc.option(fc.nat(100), { nil: undefined }),
    })
    fc.assert(fc.property(fc.array(timer, { maxLength: 8 }), (plan) => {
      const run = plan.map((): number[] => [])
      const runtime = createRuntime()
      const timers = new RequestTimers(runtime.timers, runtime.now)
      const cancels: (() => void)[] = []
      for (let now = 0; now <= 200; now++) {
        for (const [index, { begin, ms, cancelled }] of plan.entries()) {
          if (begin === now) {
            cancels[index] = timers.after(ms, () => run[index]?.push(runtime.now()))
          }
          if (cancelled !== undefined && begin + cancelled === now) cancels[index]?.()
        }
        runtime.pass(1)
      }
      const expected = plan.map(({ begin, ms, cancelled = Infinity }) =>
        ms < cancelled ? [begin + Math.max(1, ms)] : []
      )
      // A timer may run a millisecond early, as those of the runtimes do.
      for (const [index, [at, ...more]] of run.entries()) {
        assert.equal(more.length, 0)
        const [due] = expected[index] ?? []
        if (due === undefined) assert.ok(at === undefined || isAtCancel(plan[index], at))
        else assert.ok(at !== undefined && Math.abs(at - due) <= 1, `${at} instead of ${due}`)
      }
      assert.equal(runtime.pending(), 0)
    }))
  })

  it('uses the timers of the runtime after its end', () => {
    const runtime = createRuntime()
    const timers = new RequestTimers(runtime.timers, runtime.now)
    let count = 0
    timers.after(10, () => assert.fail('a timer has run after the end'))
    timers.close()
    timers.after(10, () => count++)
    timers.after(10, () => assert.fail('a cancelled timer has run'))()
    runtime.pass(10)
    assert.equal(count, 1)
  })

  it('uses the clock and the timers of the runtime by default', async () => {
    const timers = new RequestTimers()
    const began = performance.now()
    await new Promise<void>((resolve) => timers.after(20, resolve))
    // Timers of the runtimes fire up to a millisecond early.
    assert.ok(performance.now() - began >= 18)
  })

  const ends: [name: string, end: (timers: RequestTimers, cancel: () => void) => void][] = [
    ['cancels', (_timers, cancel) => cancel()],
    ['closes', (timers) => timers.close()],
  ]
  for (const [name, end] of ends) {
    it(`does not run a due timer that another one ${name}`, () => {
      const runtime = createRuntime()
      const timers = new RequestTimers(runtime.timers, runtime.now)
      timers.after(10, () => end(timers, cancel))
      const cancel = timers.after(10, () => assert.fail('a cancelled timer has run'))
      runtime.pass(20)
      assert.equal(runtime.pending(), 0)
    })
  }
})

/** Whether a timer ran in the millisecond in which it was cancelled. */
function isAtCancel(
  timer: { begin: number; cancelled: number | undefined } | undefined,
  at: number,
): boolean {
  return timer?.cancelled !== undefined && Math.abs(timer.begin + timer.cancelled - at) <= 1
}

interface Runtime {
  timers: Timers
  now(): number
  /** Lets time pass, and runs the timers that are due. */
  pass(ms: number): void
  /** The number of timers that were set. */
  set(): number
  /** The number of timers that are set now. */
  pending(): number
}

function createRuntime(): Runtime {
  let now = 0
  let count = 0
  let pending: { at: number; run: () => void }[] = []
  const remove = (timer: typeof pending[number]) => {
    pending = pending.filter((other) => other !== timer)
  }
  return {
    timers: {
      after(ms, run) {
        count++
        // Like those of the runtimes, a timer never runs at once.
        const timer = { at: now + Math.max(1, ms), run }
        pending.push(timer)
        return () => remove(timer)
      },
    },
    now: () => now,
    pass(ms) {
      for (let left = ms; left > 0; left--) {
        now++
        for (const timer of pending.filter(({ at }) => at <= now)) {
          remove(timer)
          timer.run()
        }
      }
    },
    set: () => count,
    pending: () => pending.length,
  }
}
