import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { createBodyBudget } from '../../src/access/body-budget.ts'
import { STREAMING_DECOMPRESSORS } from '../../src/entry/streaming-decompressors.ts'
import { WHOLE_BODY_DECOMPRESSORS } from '../../src/entry/whole-body-decompressors.ts'
import type { Decompressors } from '../../src/platform.ts'
import { encodingsOf } from '../../src/routes/content-encoding.ts'
import { receiveBody, type ReceivedBody } from '../../src/routes/read-text.ts'
import { runAtOnce } from '../../src/steps.ts'
import { chunksOf, post } from './request.ts'

const MAX = 1_000

interface Limits {
  maxBodyBytes?: number
  budget?: number
  bodyTimeout?: number
}

const kinds: [name: string, decompressors: Decompressors][] = [
  ['in a stream', STREAMING_DECOMPRESSORS],
  ['as a whole', WHOLE_BODY_DECOMPRESSORS],
]

for (const [name, decompressors] of kinds) {
  describe(`receiveBody() that decodes ${name}`, () => {
    const receive = async (
      body: BodyInit,
      encoding: string,
      { maxBodyBytes = MAX, budget = 1e9, bodyTimeout = 0 }: Limits = {},
    ): Promise<ReceivedBody & { active: number }> => {
      const bodies = createBodyBudget({ max: budget, maxPerClient: budget })
      const request = post(body, { 'content-encoding': encoding })
      const received = await receiveBody(request, {
        ...{ maxBodyBytes, bodyTimeout, reservation: bodies.reserve('tester') },
        encodings: encodingsOf(request, decompressors),
      })
      return { ...received, active: bodies.active }
    }

    it('R-D1 decodes a body of the maximum size, and counts decoded bytes', async () => {
      const { bytes, active, takeText } = await receive(gzip('x'.repeat(MAX)), 'gzip')
      assert.deepEqual({ bytes, active }, { bytes: MAX, active: MAX })
      assert.equal(runAtOnce(takeText()), 'x'.repeat(MAX))
    })

    it('R-D1 decodes a body that arrives byte by byte', async () => {
      const bytes = Array.from(gzip('日本 🦊'), (byte) => Uint8Array.of(byte))
      assert.equal(runAtOnce((await receive(chunksOf(...bytes), 'gzip')).takeText()), '日本 🦊')
    })

    it('R-D1 decodes a body of random bytes, which encoding enlarges', async () => {
      const random = crypto.getRandomValues(new Uint8Array(MAX))
      const encoded = gzipSync(random)
      assert.ok(encoded.length > MAX)
      assert.equal((await receive(encoded, 'gzip')).bytes, MAX)
    })

    it('R-D1 rejects a body that decodes to one byte too much', async () => {
      await assert.rejects(receive(gzip('x'.repeat(MAX + 1)), 'gzip'), {
        code: 'request_too_large',
        message: 'The request body is larger than 1000 bytes (limits.maxBodyMiB)',
      })
    })

    it('R-D1 rejects an endless body that decodes to nothing', async () => {
      let sent = 0
      const empty = gzip('')
      const body = new ReadableStream({
        pull(controller) {
          sent += empty.length
          controller.enqueue(empty)
        },
      }, { highWaterMark: 0 })
      await assert.rejects(receive(body, 'gzip'), { code: 'request_too_large' })
      assert.ok(sent <= 1.25 * 1024 * 1024, `${sent}`)
    })

    it('R-D1 rejects a body beyond the budget of all bodies', async () => {
      await assert.rejects(receive(gzip('x'.repeat(50)), 'gzip', { budget: 49 }), {
        code: 'overloaded',
      })
    })

    it('R-D1 rejects a body that takes too long', async () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(gzip('x').subarray(0, 5)),
      })
      await assert.rejects(receive(body, 'gzip', { bodyTimeout: 20 }), { code: 'request_timeout' })
    })

    it('R-D1 names the encoding that is not valid', async () => {
      const cases: [body: Uint8Array<ArrayBuffer>, encoding: string, name: string][] = [
        [gzip('x').subarray(0, 9), 'gzip', 'gzip'],
        [zstdCompressSync('no gzip'), 'gzip, zstd', 'gzip'],
        [gzip('x'), 'gzip, zstd', 'zstd'],
      ]
      for (const [body, encoding, name] of cases) {
        await assert.rejects(receive(body, encoding), {
          code: 'invalid_request',
          message: `The request body is not valid ${name} data: it is corrupt or incomplete`,
        })
      }
    })

    it('R-D1 rejects with the error of the connection when the client disconnects', async () => {
      const lost = new Error('the client disconnected')
      let isBegun = false
      const body = new ReadableStream({
        pull(controller) {
          if (isBegun) controller.error(lost)
          else controller.enqueue(gzip('x'.repeat(100)).subarray(0, 12))
          isBegun = true
        },
      }, { highWaterMark: 0 })
      await assert.rejects(receive(body, 'gzip'), lost)
    })
  })
}

describe('encodingsOf()', () => {
  const decompressors: Decompressors = new Map([['gzip', (chunks) => chunks]])

  it('R-D1 reads a list', () => {
    const cases: [header: string, names: string[]][] = [
      ['', []],
      [' identity,, IDENTITY ', []],
      ['gzip', ['gzip']],
      ['X-GZIP, identity, gzip', ['x-gzip', 'gzip']],
    ]
    for (const [header, names] of cases) {
      const encodings = encodingsOf(post('x', { 'content-encoding': header }), decompressors)
      assert.deepEqual(encodings.map(({ name }) => name), names)
    }
  })

  it('R-D1 rejects an encoding that the runtime lacks', () => {
    assert.throws(() => encodingsOf(post('x', { 'content-encoding': 'br' }), decompressors), {
      code: 'unsupported_media_type',
      message: '"content-encoding" must be one of gzip, identity, not "br"',
    })
  })
})

function gzip(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(text))
}
