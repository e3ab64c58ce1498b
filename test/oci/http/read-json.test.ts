import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { recordRequest } from '../../../src/oci/http/sent-request.ts'
import { readJson } from '../../../src/oci/http/read-json.ts'

const encoder = new TextEncoder()

describe('readJson()', () => {
  it('reads an answer', async () => {
    assert.deepEqual(await read(new Response('{"a":[1]}')), { a: [1] })
  })

  it('X02 reads an answer whose chunks split a character', async () => {
    const bytes = [...encoder.encode('{"a":"日本😀"}')]
    const body = new ReadableStream({
      pull(controller) {
        const byte = bytes.shift()
        if (byte === undefined) controller.close()
        else controller.enqueue(Uint8Array.of(byte))
      },
    })
    assert.deepEqual(await read(new Response(body)), { a: '日本😀' })
  })

  it('reads past a byte order mark', async () => {
    assert.deepEqual(await read(new Response('\ufeff{"a":1}')), { a: 1 })
  })

  const unreadable: [body: string | null, state: string][] = [
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    [null, 'it is empty'],
    ['<html>', 'it is not JSON'],
    ['{"a":', 'it is not JSON'],
  ]
  for (const [body, state] of unreadable) {
    it(`rejects ${JSON.stringify(body)}`, async () => {
      const response = new Response(body, { headers: { 'opc-request-id': 'A/B' } })
      await assert.rejects(read(response), {
        name: 'ApiError',
        code: 'upstream_invalid_response',
        message: `Cannot read OCI's answer: ${state}`,
        opcRequestId: 'A/B',
      })
    })
  }

  it('times out when a short answer stays incomplete, and closes its connection', async () => {
    const { body } = endless('{"a":')
    const response = new Response(body, { headers: { 'content-length': '7' } })
    const controller = new AbortController()
    recordRequest(response, { controller, headers: {} })
    await assert.rejects(read(response, 5), {
      name: 'ApiError',
      code: 'upstream_timeout',
      message: "Cannot read OCI's answer: no data for 0.005 seconds",
    })
    assert.equal(controller.signal.aborted, true)
  })

  it('reports a lost connection of a short answer', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) })
    const response = new Response(body, { headers: { 'content-length': '7' } })
    await assert.rejects(read(response), { name: 'ApiError', code: 'upstream_incomplete' })
  })

  it('times out when no data arrives, and cancels the answer', async () => {
    const { body, closed } = endless('{"a":')
    await assert.rejects(read(new Response(body), 5), {
      name: 'ApiError',
      code: 'upstream_timeout',
      message: "Cannot read OCI's answer: no data for 0.005 seconds",
    })
    await closed
  })

  it('reports the timeout also if the cancelled read fails', async () => {
    const failing = Promise.withResolvers<void>()
    const body = new ReadableStream({
      pull: () => failing.promise,
      cancel: () => failing.reject(new Error('lost')),
    })
    await assert.rejects(read(new Response(body), 5), { code: 'upstream_timeout' })
  })

  it('rejects an answer that is too large, and reads no further', async () => {
    let pieces = 0
    const piece = new Uint8Array(1024 * 1024).fill(0x20)
    const body = new ReadableStream({
      pull: (controller) => {
        pieces++
        controller.enqueue(piece)
      },
    })
    await assert.rejects(read(new Response(body), 1_000), {
      code: 'upstream_invalid_response',
      message: "Cannot read OCI's answer: it is larger than 67108864 bytes",
    })
    assert.ok(pieces < 70, `${pieces}`)
  })

  it('waits without a timeout when it is 0', async () => {
    const body = new ReadableStream({
      async start(controller) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        controller.enqueue(encoder.encode('{}'))
        controller.close()
      },
    })
    assert.deepEqual(await read(new Response(body), 0), {})
  })

  it('X17 reports a lost connection', async () => {
    const cause = new TypeError('terminated')
    const body = new ReadableStream({ start: (controller) => controller.error(cause) })
    await assert.rejects(read(new Response(body)), {
      name: 'ApiError',
      code: 'upstream_incomplete',
      message: "Cannot read OCI's answer: the connection was lost",
    })
  })

  it('X13 throws the reason of the abort', async () => {
    const reason = new ApiError('client_closed', 'x')
    const body = new ReadableStream({ start: (controller) => controller.error(reason) })
    await assert.rejects(readJson(new Response(body), 0, AbortSignal.abort(reason)), reason)
  })
})

function read(response: Response, idle = 60_000): Promise<unknown> {
  return readJson(response, idle, new AbortController().signal)
}

/** A body that sends one chunk and stays open, and a promise of its cancellation. */
function endless(text: string) {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(text)),
    cancel: () => resolve(),
  })
  return { body, closed }
}
