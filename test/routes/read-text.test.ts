import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readText } from '../../src/routes/read-text.ts'
import { pieces, post } from './request.ts'

const TOO_LARGE = {
  name: 'ApiError',
  code: 'request_too_large',
  message: 'Cannot read the body: it is larger than 10 bytes',
}

const LIMIT = { bytes: 10, time: 1_000 }

describe('readText()', () => {
  it('reads a body', async () => {
    assert.equal(await readText(post('日本'), LIMIT), '日本')
  })

  it('reads no body as no text', async () => {
    assert.equal(await readText(post(null), LIMIT), '')
  })

  it('reads a body that is cut within a character', async () => {
    const bytes = new TextEncoder().encode('a日😀')
    const cut = [...bytes].map((byte) => Uint8Array.of(byte))
    assert.equal(await readText(post(pieces(...cut)), LIMIT), 'a日😀')
  })

  it('reads a body that has just the size', async () => {
    assert.equal(
      await readText(post('x'.repeat(10), { 'content-length': '10' }), LIMIT),
      'x'.repeat(10),
    )
    assert.equal(await readText(post(pieces('x'.repeat(5), 'y'.repeat(5))), LIMIT), 'xxxxxyyyyy')
  })

  it('E18 refuses a body that is told to be too large, without reading it', async () => {
    let isRead = false
    const body = new ReadableStream({
      pull: (controller) => {
        isRead = true
        controller.close()
      },
    }, { highWaterMark: 0 })
    await assert.rejects(readText(post(body, { 'content-length': '11' }), LIMIT), TOO_LARGE)
    assert.equal(isRead, false)
  })

  it('E18 refuses a body that turns out to be too large, and reads little further', async () => {
    let read = 0
    const body = new ReadableStream({
      pull: (controller) => {
        read += 64 * 1024
        controller.enqueue(new Uint8Array(64 * 1024))
      },
    })
    await assert.rejects(readText(post(body), LIMIT), TOO_LARGE)
    assert.ok(read <= 1.25 * 1024 * 1024, `${read}`)
  })

  it('E18 counts bytes, not characters', async () => {
    await assert.rejects(readText(post(pieces('日本日本')), LIMIT), TOO_LARGE)
  })

  it('believes no length that is none', async () => {
    const body = pieces('x'.repeat(11))
    await assert.rejects(readText(post(body, { 'content-length': 'short' }), LIMIT), TOO_LARGE)
  })

  for (const length of [undefined, '10']) {
    it(`refuses a body that takes too long, its length ${length}`, async () => {
      const headers: Record<string, string> = length ? { 'content-length': length } : {}
      const body = new ReadableStream({ start: (controller) => controller.enqueue(bytes('x')) })
      await assert.rejects(readText(post(body, headers), { bytes: 10, time: 20 }), {
        name: 'ApiError',
        code: 'request_timeout',
        message: 'Cannot read the body: it was not all there after 0.02 seconds',
      })
    })
  }

  it('waits for ever where there is no limit', async () => {
    assert.equal(await readText(post(pieces('x')), { bytes: 10, time: 0 }), 'x')
  })
})

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
