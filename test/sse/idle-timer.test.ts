import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createIdleTimer } from '../../src/sse/idle-timer.ts'
import { type FakeClock, withFakeClock } from '../fake-clock.ts'
import { timersLeft } from './streams.ts'

describe('createIdleTimer()', () => {
  it('fires after each idle time', () =>
    withFakeClock(async (clock) => {
      const { timer, firedAt } = timed(clock, 40)
      timer.restart()
      await clock.advance(139)
      timer.stop()
      assert.deepEqual(firedAt, [40, 80, 120])
    }))

  it('waits for the whole idle time after a restart', () =>
    withFakeClock(async (clock) => {
      const { timer, firedAt } = timed(clock, 60)
      timer.restart()
      for (let i = 0; i < 6; i++) {
        await clock.advance(20)
        timer.restart()
      }
      assert.deepEqual(firedAt, [])
      await clock.advance(59)
      assert.deepEqual(firedAt, [])
      await clock.advance(7)
      timer.stop()
      assert.equal(firedAt.length, 1)
    }))

  it('fires at most a tenth late after a restart', () =>
    withFakeClock(async (clock) => {
      const { timer, firedAt } = timed(clock, 200)
      timer.restart()
      await clock.advance(130)
      timer.restart()
      await clock.advance(300)
      timer.stop()
      assert.equal(firedAt.length, 1)
      assert.ok(firedAt[0]! >= 329 && firedAt[0]! <= 350, `after ${firedAt[0]} ms`)
    }))

  it('does not fire before the first restart', () =>
    withFakeClock(async (clock) => {
      const { firedAt } = timed(clock, 10)
      await clock.advance(30)
      assert.deepEqual(firedAt, [])
    }))

  it('does not fire while it is paused, and fires again after', () =>
    withFakeClock(async (clock) => {
      const { timer, firedAt } = timed(clock, 20)
      timer.restart()
      timer.pause()
      await clock.advance(60)
      assert.deepEqual(firedAt, [])
      timer.restart()
      await clock.advance(35)
      timer.stop()
      assert.deepEqual(firedAt, [80])
    }))

  it('does not fire after it was stopped', () =>
    withFakeClock(async (clock) => {
      const { timer, firedAt } = timed(clock, 10)
      timer.restart()
      timer.stop()
      await clock.advance(30)
      assert.deepEqual(firedAt, [])
    }))

  it('leaves no timer after it was stopped', async () => {
    const left = await timersLeft(() => {
      const timer = createIdleTimer(10_000, () => {})
      timer.restart()
      timer.stop()
      return Promise.resolve()
    })
    assert.equal(left, 0)
  })

  it('does not fire when the time is 0', () =>
    withFakeClock(async (clock) => {
      const { timer, firedAt } = timed(clock, 0)
      timer.restart()
      await clock.advance(20)
      timer.stop()
      assert.deepEqual(firedAt, [])
    }))
})

function timed(clock: FakeClock, ms: number) {
  const firedAt: number[] = []
  const timer = createIdleTimer(ms, () => firedAt.push(clock.now))
  return { timer, firedAt }
}
