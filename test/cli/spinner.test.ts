import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withSpinner } from '../../src/cli/spinner.ts'
import { FakeOutput } from './fake-host.ts'

class Terminal extends FakeOutput {
  override readonly isTerminal = true
  override readonly columns = 20
}

describe('withSpinner()', () => {
  const { signal } = new AbortController()

  it('writes nothing without a terminal, and nothing for fast work', async () => {
    for (const stderr of [new FakeOutput(), new Terminal()]) {
      assert.equal(await withSpinner('Working', Promise.resolve(1), { stderr, signal }), 1)
      assert.equal(stderr.text, '')
    }
  })

  it('draws in one line of the terminal, and erases it', async () => {
    const work = Promise.withResolvers<void>()
    const stderr = new Terminal()
    const write = stderr.write.bind(stderr)
    stderr.write = (text) => {
      write(text)
      work.resolve()
    }
    await withSpinner('A message that is longer', work.promise, { stderr, signal })
    assert.equal(stderr.text, '\r⠋ A message that i…\r\x1b[K')
  })

  it('rejects when the command is interrupted', async () => {
    const controller = new AbortController()
    const endless = new Promise<void>(() => {})
    const waiting = withSpinner('Working', endless, {
      stderr: new FakeOutput(),
      signal: controller.signal,
    })
    controller.abort(new Error('Ctrl+C'))
    await assert.rejects(waiting, /Ctrl\+C/)
  })
})
