import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createBodyBudget } from '../../src/access/body-budget.ts'
import { type ReadTextOptions, receiveBody } from '../../src/routes/read-text.ts'
import { runAtOnce } from '../../src/steps.ts'
import { chunksOf, post } from './request.ts'

const TOO_LARGE = {
  name: 'ApiError',
  code: 'request_too_large',
  message: 'The request body is larger than 10 bytes (limits.maxBodyMiB)',
}

const LIMIT = options()

/** Limits of ten bytes and one second, and an unused budget. */
function options({ bodyTimeout = 1_000, maxBodyBytes = 10, budget = 1e9 } = {}): ReadTextOptions {
  const { reserve } = createBodyBudget({ max: budget, maxPerClient: budget })
  return { maxBodyBytes, bodyTimeout, reservation: reserve('tester') }
}

async function readText(request: Request, options: ReadTextOptions): Promise<string> {
  return runAtOnce((await receiveBody(request, options)).takeText())
}

describe('receiveBody()', () => {
  it('reads a body', async () => {
    assert.equal(await readText(post('日本'), LIMIT), '日本')
  })

  it('reads a missing body as an empty text', async () => {
    assert.equal(await readText(post(null), LIMIT), '')
  })

  it('reads a body that is split within a character', async () => {
    const bytes = new TextEncoder().encode('a日😀')
    const split = [...bytes].map((byte) => Uint8Array.of(byte))
    assert.equal(await readText(post(chunksOf(...split)), LIMIT), 'a日😀')
  })

  it('reads a body of the maximum size', async () => {
    assert.equal(
      await readText(post('x'.repeat(10), { 'content-length': '10' }), LIMIT),
      'x'.repeat(10),
    )
    assert.equal(await readText(post(chunksOf('x'.repeat(5), 'y'.repeat(5))), LIMIT), 'xxxxxyyyyy')
  })

  it('E18 rejects a body whose declared length is too large, without reading it', async () => {
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

  it('E18 rejects a body that exceeds the limit, and reads at most 1.25 MiB', async () => {
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
    await assert.rejects(readText(post(chunksOf('日本日本')), LIMIT), TOO_LARGE)
  })

  it('ignores an invalid content-length', async () => {
    const body = chunksOf('x'.repeat(11))
    await assert.rejects(readText(post(body, { 'content-length': 'short' }), LIMIT), TOO_LARGE)
  })

  for (const length of [undefined, '10']) {
    it(`rejects a body that takes too long, content-length ${length}`, async () => {
      const headers: Record<string, string> = length ? { 'content-length': length } : {}
      const body = new ReadableStream({ start: (controller) => controller.enqueue(bytes('x')) })
      await assert.rejects(readText(post(body, headers), options({ bodyTimeout: 20 })), {
        name: 'ApiError',
        code: 'request_timeout',
        message: 'The request body was not received within 0.02 seconds',
      })
    })
  }

  for (const length of [undefined, '50']) {
    it(`F4: rejects a body beyond the budget of all bodies, content-length ${length}`, async () => {
      const headers: Record<string, string> = length ? { 'content-length': length } : {}
      const limits = options({ maxBodyBytes: 100, budget: 49 })
      await assert.rejects(
        readText(post(chunksOf('x'.repeat(25), 'y'.repeat(25)), headers), limits),
        {
          code: 'overloaded',
          retryAfter: 1,
        },
      )
    })
  }

  it('F4: reserves only the received bytes of a large body', async () => {
    const budget = createBodyBudget({ max: 1_000_000, maxPerClient: 1_000_000 })
    const limits = { ...options({ maxBodyBytes: 1_000_000 }), reservation: budget.reserve('slow') }
    const arrived = Promise.withResolvers<void>()
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(bytes('x'.repeat(7))),
      pull: () => arrived.resolve(),
    })
    const read = readText(post(body, { 'content-length': '999999' }), {
      ...limits,
      bodyTimeout: 50,
    })
    await arrived.promise
    await assert.rejects(read, { code: 'request_timeout' })
    assert.equal(budget.active, 7)
  })

  it('has no timeout when it is 0', async () => {
    assert.equal(await readText(post(chunksOf('x')), options({ bodyTimeout: 0 })), 'x')
  })
})

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
