import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createIdleTimer } from '../../src/sse/idle-timer.ts'
import { type FakeClock, withFakeClock } from '../fake-clock.ts'
import { timersLeft } from './streams.ts'

describe('createIdleTimer()', () => {
  it('rings after each silence', () =>
    withFakeClock(async (clock) => {
      const { timer, rings } = timed(clock, 40)
      timer.restart()
      await clock.advance(139)
      timer.stop()
      assert.deepEqual(rings, [40, 80, 120])
    }))

  it('waits for a whole silence after a restart', () =>
    withFakeClock(async (clock) => {
      const { timer, rings } = timed(clock, 60)
      timer.restart()
      for (let i = 0; i < 6; i++) {
        await clock.advance(20)
        timer.restart()
      }
      assert.deepEqual(rings, [])
      await clock.advance(59)
      assert.deepEqual(rings, [])
      await clock.advance(7)
      timer.stop()
      assert.equal(rings.length, 1)
    }))

  it('rings soon after a silence that was none at first', () =>
    withFakeClock(async (clock) => {
      const { timer, rings } = timed(clock, 200)
      timer.restart()
      await clock.advance(130)
      timer.restart()
      await clock.advance(300)
      timer.stop()
      assert.equal(rings.length, 1)
      assert.ok(rings[0]! >= 329 && rings[0]! <= 350, `after ${rings[0]} ms`)
    }))

  it('is quiet until the first restart', () =>
    withFakeClock(async (clock) => {
      const { rings } = timed(clock, 10)
      await clock.advance(30)
      assert.deepEqual(rings, [])
    }))

  it('is quiet while it is paused, and rings again after', () =>
    withFakeClock(async (clock) => {
      const { timer, rings } = timed(clock, 20)
      timer.restart()
      timer.pause()
      await clock.advance(60)
      assert.deepEqual(rings, [])
      timer.restart()
      await clock.advance(35)
      timer.stop()
      assert.deepEqual(rings, [80])
    }))

  it('never rings after it was stopped', () =>
    withFakeClock(async (clock) => {
      const { timer, rings } = timed(clock, 10)
      timer.restart()
      timer.stop()
      await clock.advance(30)
      assert.deepEqual(rings, [])
    }))

  it('leaves no timer once it was stopped', async () => {
    const left = await timersLeft(() => {
      const timer = createIdleTimer(10_000, () => {})
      timer.restart()
      timer.stop()
      return Promise.resolve()
    })
    assert.equal(left, 0)
  })

  it('never rings when the time is 0', () =>
    withFakeClock(async (clock) => {
      const { timer, rings } = timed(clock, 0)
      timer.restart()
      await clock.advance(20)
      timer.stop()
      assert.deepEqual(rings, [])
    }))
})

function timed(clock: FakeClock, ms: number) {
  const rings: number[] = []
  const timer = createIdleTimer(ms, () => rings.push(clock.now))
  return { timer, rings }
}
