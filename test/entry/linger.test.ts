import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { type LingerLimits, lingerOnError } from '../../src/entry/linger.ts'

/** No test reaches these. */
const LIMITS: LingerLimits = { bytes: 1_000, milliseconds: 600_000 }
const ERROR = { error: { code: 'request_too_large' } }

/** A request whose body is sent by `push()`, as Node's server passes it. */
function requestWithBody() {
  return Object.assign(new Readable({ read() {} }), { complete: false })
}

function errorResponse(): Response {
  return Response.json(ERROR, { status: 413, headers: { 'x-request-id': 'id' } })
}

describe('lingerOnError()', () => {
  it('E18 sends the error at once, with its length, and ends when the body has ended', async () => {
    const incoming = requestWithBody()
    const response = await lingerOnError(errorResponse(), incoming, LIMITS)
    assert.equal(response.status, 413)
    assert.equal(response.headers.get('x-request-id'), 'id')
    const text = JSON.stringify(ERROR)
    assert.equal(response.headers.get('content-length'), String(text.length))
    // The body is complete once it has been read.
    const reader = response.body?.getReader()
    const { value } = await reader?.read() ?? {}
    assert.equal(new TextDecoder().decode(value), text)
    let isClosed = false
    const closed = reader?.read().then(({ done }) => isClosed = done)
    incoming.push(Buffer.alloc(500))
    await new Promise((resolve) => setTimeout(resolve, 0))
    assert.equal(incoming.readableLength, 0)
    assert.equal(isClosed, false)
    incoming.push(null)
    await closed
    assert.equal(isClosed, true)
  })

  const ends: [name: string, limits: LingerLimits, act: (incoming: Readable) => unknown][] = [
    ['the client disconnects', LIMITS, (incoming) => incoming.destroy()],
    ['the body is too long', LIMITS, (incoming) => incoming.push(Buffer.alloc(1_001))],
    ['the time is over', { ...LIMITS, milliseconds: 1 }, () => {}],
  ]
  for (const [name, limits, act] of ends) {
    it(`ends when ${name}`, async () => {
      const incoming = requestWithBody()
      const response = await lingerOnError(errorResponse(), incoming, limits)
      act(incoming)
      assert.deepEqual(await response.json(), ERROR)
      incoming.destroy()
    })
  }

  it('discards what the web stream of the request does not read', async () => {
    const incoming = requestWithBody()
    const reader = Readable.toWeb(incoming).getReader()
    incoming.push(Buffer.alloc(100))
    await reader.read()
    const response = await lingerOnError(errorResponse(), incoming, { ...LIMITS, bytes: 2 ** 20 })
    const body = response.json()
    for (let sent = 0; sent < 10; sent++) incoming.push(Buffer.alloc(65_536))
    incoming.push(null)
    assert.deepEqual(await body, ERROR)
  })

  it('passes on other responses: a complete body, a success, no content', async () => {
    const complete = Object.assign(requestWithBody(), { complete: true })
    const rows: [Response, ReturnType<typeof requestWithBody>][] = [
      [errorResponse(), complete],
      [new Response('{}'), requestWithBody()],
      [new Response(null, { status: 404 }), requestWithBody()],
    ]
    for (const [response, incoming] of rows) {
      assert.equal(await lingerOnError(response, incoming, LIMITS), response)
    }
  })
})
