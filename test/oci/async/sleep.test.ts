import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sleep } from '../../../src/oci/async/sleep.ts'

describe('sleep()', () => {
  it('resolves after the delay, with and without a signal', async () => {
    await sleep(1)
    await sleep(1, new AbortController().signal)
  })

  it("rejects with the signal's reason when the signal is aborted", async () => {
    const controller = new AbortController()
    const sleeping = sleep(5_000, controller.signal)
    controller.abort('gone')
    await assert.rejects(sleeping, (reason) => reason === 'gone')
  })

  it('rejects when the signal is already aborted', async () => {
    const sleeping = sleep(100, AbortSignal.abort('gone'))
    await assert.rejects(sleeping, (reason) => reason === 'gone')
  })
})
