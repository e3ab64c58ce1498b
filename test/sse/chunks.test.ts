import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Chunks, openChunks } from '../../src/sse/chunks.ts'
import { after, type Body, bodyOf, byteBodyOf, manualBody } from './streams.ts'

const PIECES = Array.from({ length: 500 }, (_, i) => `piece ${i};`)
const COALESCED = { coalesceChunks: true }

for (const coalesceChunks of [false, true]) {
  describe(`openChunks(), coalesceChunks: ${coalesceChunks}`, () => {
    const open = (body: Body) => openChunks(body, { coalesceChunks })

    it('returns every byte in order', async () => {
      assert.equal((await texts(open(bodyOf(PIECES).body))).join(''), PIECES.join(''))
    })

    it('returns every byte of a byte stream in order', async () => {
      assert.equal((await texts(open(byteBodyOf(PIECES)))).join(''), PIECES.join(''))
    })

    it('returns every byte of chunks larger than its buffer', async () => {
      const pieces = PIECES.map((piece) => piece.repeat(1000))
      assert.equal((await texts(open(byteBodyOf(pieces)))).join(''), pieces.join(''))
    })

    it('returns a late chunk separately', async () => {
      const { body, send, close } = manualBody()
      const chunks = open(body)
      const reading = texts(chunks)
      for (const text of ['a', 'b', 'c']) {
        await after(10)
        send(text)
      }
      await after(10)
      close()
      assert.deepEqual(await reading, ['a', 'b', 'c'])
    })

    it('returns a late chunk immediately', async () => {
      const { body, send } = manualBody()
      const chunks = open(body)
      send('a')
      await chunks.read()
      const waiting = next(chunks)
      await after(10)
      send('b')
      assert.equal(await Promise.race([waiting, after(0)]), 'b')
      chunks.cancel(undefined)
    })

    it('returns large chunks unchanged', async () => {
      const pieces = PIECES.slice(0, 20).map((piece) => piece.repeat(1000))
      assert.deepEqual(await texts(open(bodyOf(pieces).body)), pieces)
    })

    it('returns the chunks before an error, then throws the error', async () => {
      const { body, send, fail } = manualBody()
      const chunks = open(body)
      for (const text of ['a', 'b']) send(text)
      assert.equal(await next(chunks), 'a')
      const second = next(chunks)
      await after(0)
      fail(new Error('reset'))
      assert.equal(await second, 'b')
      await after(5)
      await assert.rejects(chunks.read(), { message: 'reset' })
    })

    it('ends a pending read when it is cancelled', async () => {
      const { body, seen } = manualBody()
      const chunks = open(body)
      const waiting = chunks.read()
      chunks.cancel(undefined)
      assert.equal((await waiting).done, true)
      assert.equal(seen.cancelled, true)
    })
  })
}

describe('openChunks() with coalescing', () => {
  it('returns the first chunk immediately and coalesces a burst after it', async () => {
    const [first, ...rest] = await texts(openChunks(bodyOf(PIECES).body, COALESCED))
    assert.equal(first, PIECES[0])
    assert.ok(rest.length < 100, `${rest.length} reads for ${PIECES.length} pieces`)
  })

  it('returns bytes that stay valid', async () => {
    for (const gap of [0, 5]) {
      const chunks = openChunks(byteBodyOf(PIECES.slice(0, 8), gap), COALESCED)
      const kept: Uint8Array[] = []
      for (let read = await chunks.read(); !read.done; read = await chunks.read()) {
        kept.push(read.value)
      }
      assert.equal(
        kept.map((bytes) => new TextDecoder().decode(bytes)).join(''),
        PIECES.slice(0, 8).join(''),
      )
    }
  })

  it('coalesces at most the size of its buffer', async () => {
    const pieces = PIECES.map((piece) => piece.repeat(300))
    const read = await texts(openChunks(bodyOf(pieces).body, COALESCED))
    assert.equal(read.join(''), pieces.join(''))
    assert.ok(read.every((text) => text.length <= 64 * 1024))
  })
})

async function texts(chunks: Chunks): Promise<string[]> {
  const text = await next(chunks)
  return text === undefined ? [] : [text, ...await texts(chunks)]
}

async function next(chunks: Chunks): Promise<string | undefined> {
  const { done, value } = await chunks.read()
  return done ? undefined : new TextDecoder().decode(value)
}
