import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readFailure } from '../../../src/oci/http/read-error-text.ts'
import { withFakeClock } from '../../fake-clock.ts'

describe('readFailure()', () => {
  it('reads a text', async () => {
    assert.equal(await readFailure(new Response('日本')), '日本')
    assert.equal(await readFailure(new Response(null)), '')
  })

  it('reads no further than anybody means it', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(30_000)),
    })
    assert.equal((await readFailure(new Response(body))).length, 90_000)
  })

  it('gives what has come of one that breaks off', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('half')),
      pull: (controller) => controller.error(new Error('lost')),
    }, { highWaterMark: 0 })
    const text = await readFailure(new Response(body))
    assert.ok(['', 'half'].includes(text), text)
  })

  it('gives what has come of one that stops coming', () =>
    withFakeClock(async (clock) => {
      let isCancelled = false
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('half')),
        cancel: () => void (isCancelled = true),
      })
      const reading = readFailure(new Response(body))
      await clock.advance(1_999)
      assert.equal(isCancelled, false)
      await clock.advance(1)
      assert.equal(isCancelled, true)
      assert.equal(await reading, 'half')
    }))
})
