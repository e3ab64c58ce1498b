import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { whilePending, withProgress } from '../../src/cli/progress.ts'
import { createFakeHost, FakeOutput, FakeTimers } from './fake-host.ts'

function setUp(stderr: FakeOutput) {
  const timers = new FakeTimers()
  const interruption = new AbortController()
  const host = createFakeHost({ stderr, schedule: timers.schedule, signal: interruption.signal })
  return { host, timers, interruption }
}

describe('withProgress()', () => {
  it('shows nothing for short work', async () => {
    for (const isTerminal of [true, false]) {
      const { host, timers } = setUp(new FakeOutput({ isTerminal }))
      assert.equal(await withProgress(host, 'Listing', () => Promise.resolve(7)), 7)
      assert.equal(timers.run(), 0)
      assert.equal(host.stderr.text, '')
    }
  })

  it('shows a spinner on a terminal and removes it at the end', async () => {
    const { host, timers } = setUp(new FakeOutput({ isTerminal: true }))
    await withProgress(host, 'Listing', (progress) => {
      timers.run()
      timers.run()
      progress.print('warning\n')
      progress.update('Half', 0.5)
      timers.run()
      return Promise.resolve()
    })
    assert.equal(timers.run(), 0)
    assert.deepEqual(host.stderr.text.split('\r\x1b[K'), [
      ...['', '⠋ Listing', '⠙ Listing', 'warning\n'],
      ...['⠹ [##########----------] 50% Half', ''],
    ])
  })

  it('cuts the message to one line', async () => {
    const { host, timers } = setUp(new FakeOutput({ isTerminal: true, columns: 12 }))
    await withProgress(host, 'A long message', () => Promise.resolve(timers.run()))
    assert.equal(host.stderr.text, '\r\x1b[K⠋ A long m…\r\x1b[K')
  })

  it('writes a line per message where there is no terminal', async () => {
    const { host, timers } = setUp(new FakeOutput())
    await withProgress(host, 'One', (progress) => {
      progress.update('Two')
      timers.run()
      for (const message of ['Two', 'Three', 'Three']) progress.update(message, 0.1)
      return Promise.resolve()
    })
    assert.equal(host.stderr.text, 'Two …\nThree …\n')
  })

  it('removes the spinner when the work fails or is interrupted', async () => {
    const failed = setUp(new FakeOutput({ isTerminal: true }))
    const work = () => Promise.reject(new Error(`failed after ${failed.timers.run()} frame`))
    await assert.rejects(withProgress(failed.host, 'Listing', work), /failed after 1 frame/)
    assert.ok(failed.host.stderr.text.endsWith('Listing\r\x1b[K'))

    const { host, timers, interruption } = setUp(new FakeOutput({ isTerminal: true }))
    await withProgress(host, 'Listing', () => {
      timers.run()
      interruption.abort()
      assert.equal(timers.run(), 0)
      assert.ok(host.stderr.text.endsWith('Listing\r\x1b[K'))
      return Promise.resolve()
    })
  })

  it('does not wait for pending work when the command is interrupted', async () => {
    const { host, interruption } = setUp(new FakeOutput())
    assert.equal(await whilePending(host, 'Listing', Promise.resolve(1)), 1)
    const waiting = whilePending(host, 'Listing', new Promise(() => {}))
    interruption.abort(new Error('Ctrl+C'))
    await assert.rejects(waiting, /Ctrl\+C/)
  })

  it('uses ASCII where Braille characters are missing', async () => {
    for (const env of [{ TERM: 'linux' }, { OS: 'Windows_NT' }]) {
      const { host, timers } = setUp(new FakeOutput({ isTerminal: true }))
      await withProgress({ ...host, env }, 'Listing', () => Promise.resolve(timers.run()))
      assert.equal(host.stderr.text, '\r\x1b[K| Listing\r\x1b[K')
    }
  })
})
