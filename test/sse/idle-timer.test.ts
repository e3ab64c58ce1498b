import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createIdleTimer } from '../../src/sse/idle-timer.ts'
import { after, timersLeft } from './streams.ts'

describe('createSilenceTimer()', () => {
  it('rings after each silence', async () => {
    const { timer, rings } = timed(40)
    timer.restart()
    await after(150)
    timer.stop()
    assert.ok(rings.length === 2 || rings.length === 3, `${rings.length} rings`)
    assert.ok(rings[0]! >= 38, `the first after ${rings[0]} ms`)
  })

  it('waits for a whole silence after a restart', async () => {
    const { timer, rings } = timed(60)
    timer.restart()
    for (let i = 0; i < 6; i++) {
      await after(20)
      timer.restart()
    }
    assert.deepEqual(rings, [])
    await after(100)
    timer.stop()
    assert.equal(rings.length, 1)
  })

  it('rings soon after a silence that was none at first', async () => {
    const { timer, rings } = timed(200)
    timer.restart()
    await after(130)
    timer.restart()
    await after(300)
    timer.stop()
    assert.equal(rings.length, 1)
    assert.ok(rings[0]! >= 328, `after ${rings[0]} ms`)
  })

  it('is quiet until the first restart', async () => {
    const { rings } = timed(10)
    await after(30)
    assert.deepEqual(rings, [])
  })

  it('is quiet while it is paused, and rings again after', async () => {
    const { timer, rings } = timed(20)
    timer.restart()
    timer.pause()
    await after(60)
    assert.deepEqual(rings, [])
    timer.restart()
    await after(35)
    timer.stop()
    assert.equal(rings.length, 1)
  })

  it('never rings after it was stopped', async () => {
    const { timer, rings } = timed(10)
    timer.restart()
    timer.stop()
    await after(30)
    assert.deepEqual(rings, [])
  })

  it('leaves no timer once it was stopped', async () => {
    const left = await timersLeft(() => {
      const { timer } = timed(10_000)
      timer.restart()
      timer.stop()
      return Promise.resolve()
    })
    assert.equal(left, 0)
  })

  it('never rings when the time is 0', async () => {
    const { timer, rings } = timed(0)
    timer.restart()
    await after(20)
    timer.stop()
    assert.deepEqual(rings, [])
  })
})

function timed(ms: number) {
  const started = performance.now()
  const rings: number[] = []
  const timer = createIdleTimer(ms, () => rings.push(performance.now() - started))
  return { timer, rings }
}
