import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readText } from '../../src/routes/read-text.ts'
import { pieces, post } from './request.ts'

const TOO_LARGE = {
  name: 'ApiError',
  code: 'request_too_large',
  message: 'Cannot read the body: it is larger than 10 bytes',
}

describe('readText()', () => {
  it('reads a body', async () => {
    assert.equal(await readText(post('日本'), 10), '日本')
  })

  it('reads no body as no text', async () => {
    assert.equal(await readText(post(null), 10), '')
  })

  it('reads a body that is cut within a character', async () => {
    const bytes = new TextEncoder().encode('a日😀')
    const cut = [...bytes].map((byte) => Uint8Array.of(byte))
    assert.equal(await readText(post(pieces(...cut)), 10), 'a日😀')
  })

  it('reads a body that has just the size', async () => {
    assert.equal(
      await readText(post('x'.repeat(10), { 'content-length': '10' }), 10),
      'x'.repeat(10),
    )
    assert.equal(await readText(post(pieces('x'.repeat(5), 'y'.repeat(5))), 10), 'xxxxxyyyyy')
  })

  it('E18 refuses a body that is told to be too large, without reading it', async () => {
    let isRead = false
    const body = new ReadableStream({
      pull: (controller) => {
        isRead = true
        controller.close()
      },
    }, { highWaterMark: 0 })
    await assert.rejects(readText(post(body, { 'content-length': '11' }), 10), TOO_LARGE)
    assert.equal(isRead, false)
  })

  it('E18 refuses a body that turns out to be too large, and reads no further', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4)) })
    await assert.rejects(readText(post(body), 10), TOO_LARGE)
  })

  it('E18 counts bytes, not characters', async () => {
    await assert.rejects(readText(post(pieces('日本日本')), 10), TOO_LARGE)
  })

  it('believes no length that is none', async () => {
    const body = pieces('x'.repeat(11))
    await assert.rejects(readText(post(body, { 'content-length': 'short' }), 10), TOO_LARGE)
  })
})
