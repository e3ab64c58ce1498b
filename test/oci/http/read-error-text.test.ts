import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readErrorText } from '../../../src/oci/http/read-error-text.ts'
import { withFakeClock } from '../../fake-clock.ts'

describe('readErrorText()', () => {
  it('reads a text', async () => {
    assert.equal(await readErrorText(new Response('日本')), '日本')
    assert.equal(await readErrorText(new Response(null)), '')
  })

  it('reads at most 64 KiB and the chunk that exceeds them', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(30_000)),
    })
    assert.equal((await readErrorText(new Response(body))).length, 90_000)
  })

  it('returns the received part of a text that is cut off', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('half')),
      pull: (controller) => controller.error(new Error('lost')),
    }, { highWaterMark: 0 })
    const text = await readErrorText(new Response(body))
    assert.ok(['', 'half'].includes(text), text)
  })

  it('returns the received part of a text that stalls', () =>
    withFakeClock(async (clock) => {
      let isCancelled = false
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('half')),
        cancel: () => void (isCancelled = true),
      })
      const reading = readErrorText(new Response(body))
      await clock.advance(1_999)
      assert.equal(isCancelled, false)
      await clock.advance(1)
      assert.equal(isCancelled, true)
      assert.equal(await reading, 'half')
    }))
})
