import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Chunks, openChunks } from '../../src/sse/chunks.ts'
import { type FakeClock, withFakeClock } from '../fake-clock.ts'
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

  it('returns a burst within 2 ms after its last chunk', () =>
    withFakeClock(async (clock) => {
      const { reads, send, close } = readAtTimes(clock)
      for (const at of [0, 0.1, 0.9, 1.5, 2.2]) await send(at, `${at};`)
      await clock.advance(20)
      await close()
      // After 3.1 ms there is a chunk that has arrived since 2.1 ms, so that it waits for 1 ms more.
      assert.deepEqual(reads, [[0, '0;'], [4.1, '0.1;0.9;1.5;2.2;']])
    }))

  it('returns a part of a long burst every 8 ms', () =>
    withFakeClock(async (clock) => {
      const { reads, send, close } = readAtTimes(clock)
      for (let half = 0; half < 60; half++) await send(half / 2, '.')
      await close()
      const waits = reads.map(([at], index) => at - (reads[index - 1]?.[0] ?? 0))
      assert.equal(reads.map(([, text]) => text).join(''), '.'.repeat(60))
      assert.equal(reads.length, 5, JSON.stringify(reads))
      assert.ok(waits.every((wait) => wait <= 8.5), `waits of ${waits.join()} ms`)
    }))

  it('returns chunks that are 5 ms apart immediately, also after a burst', () =>
    withFakeClock(async (clock) => {
      const { reads, send, close } = readAtTimes(clock)
      for (let half = 0; half < 20; half++) await send(half / 2, '.')
      for (const at of [20, 25, 30]) await send(at, 'x')
      await close()
      assert.deepEqual(reads.slice(-3), [[20, 'x'], [25, 'x'], [30, 'x']])
    }))

  it('coalesces at most the size of its buffer', async () => {
    const pieces = PIECES.map((piece) => piece.repeat(300))
    const read = await texts(openChunks(bodyOf(pieces).body, COALESCED))
    assert.equal(read.join(''), pieces.join(''))
    assert.ok(read.every((text) => text.length <= 64 * 1024))
  })
})

/** Reads chunks that are sent at certain times, and notes when they are returned. */
function readAtTimes(clock: FakeClock) {
  const { body, send, close } = manualBody()
  const chunks = openChunks(body, COALESCED)
  const reads: [at: number, text: string][] = []
  const reading = (async () => {
    for (let text = await next(chunks); text !== undefined; text = await next(chunks)) {
      reads.push([Math.round(clock.now * 10) / 10, text])
    }
  })()
  return {
    reads,
    async send(at: number, text: string) {
      await clock.advance(at - clock.now)
      send(text)
      await clock.advance(0)
    },
    async close() {
      close()
      await reading
    },
  }
}

async function texts(chunks: Chunks): Promise<string[]> {
  const text = await next(chunks)
  return text === undefined ? [] : [text, ...await texts(chunks)]
}

async function next(chunks: Chunks): Promise<string | undefined> {
  const { done, value } = await chunks.read()
  return done ? undefined : new TextDecoder().decode(value)
}
