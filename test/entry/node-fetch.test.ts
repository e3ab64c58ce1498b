import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createNodeFetch } from '../../src/entry/node-fetch.ts'

const isNode = !('Bun' in globalThis) && !('Deno' in globalThis)

let answer: (socket: Socket) => void = () => {}
let requests: string[] = []
let sockets: Socket[] = []
let url = ''
const server = createServer((socket) => {
  sockets.push(socket)
  socket.on('error', () => {})
  socket.on('data', (bytes: Uint8Array) => {
    requests.push(String(bytes))
    answer(socket)
  })
})
const nodeFetch = createNodeFetch()

describe('createNodeFetch()', { skip: !isNode }, () => {
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/path?query=1`
  })
  beforeEach(() => {
    requests = []
    sockets = []
  })
  after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  it('sends the bytes of a body with their length and the headers of the caller', async () => {
    answer = (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nX-Two: a\r\nx-two: b\r\ncontent-length: 2\r\n\r\nok')
    const body = new TextEncoder().encode('{"a":"é"}')
    const headers = { 'content-type': 'application/json', 'user-agent': 'gateway' }
    const response = await nodeFetch(url, { method: 'POST', headers, body })
    assert.deepEqual([response.ok, response.status], [true, 200])
    assert.equal(response.headers.get('X-TWO'), 'a, b')
    assert.deepEqual([response.headers.has('x-none'), response.headers.get('x-none')], [
      false,
      null,
    ])
    assert.equal(await response.text(), 'ok')
    const [sent = ''] = requests
    assert.match(sent, /^POST \/path\?query=1 HTTP\/1.1\r\n/)
    assert.match(sent, /\r\ncontent-type: application\/json\r\n/)
    assert.match(sent, /\r\nuser-agent: gateway\r\n/)
    assert.match(sent, /\r\ncontent-length: 10\r\n[^]*\{"a":"é"\}$/)
  })

  it('sends a user agent and an accept header to servers that require them', async () => {
    answer = (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"ok":[]}')
    const response = await nodeFetch(url, { headers: new Headers({ authorization: 'Bearer x' }) })
    assert.deepEqual(await response.json(), { ok: [] })
    assert.match(
      requests[0] ?? '',
      /\r\naccept: \*\/\*\r\nuser-agent: node\r\nauthorization: Bearer x\r\n/,
    )
  })

  it('uses a connection again', async () => {
    answer = (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    for (const _ of [1, 2]) await (await nodeFetch(url, {})).text()
    assert.equal(requests.length, 2)
    assert.ok(sockets.length <= 1)
  })

  it('ignores informational responses and trailers, and follows no redirect', async () => {
    answer = (socket) =>
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n' +
          'HTTP/1.1 307 Moved\r\nlocation: /other\r\ntransfer-encoding: chunked\r\n\r\n' +
          '2\r\nab\r\n1\r\nc\r\n0\r\nx-trailer: 1\r\n\r\n',
      )
    const response = await nodeFetch(url, { redirect: 'manual' })
    assert.deepEqual([response.ok, response.status], [false, 307])
    assert.equal(await response.text(), 'abc')
    assert.equal(response.headers.has('x-trailer'), false)
    assert.equal(requests.length, 1)
  })

  it('reads chunks of one network packet at once', async () => {
    answer = (socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n',
      )
    const response = await nodeFetch(url, {})
    const first = await response.body?.getReader().read()
    assert.equal(String(first?.value), '97,98,99')
  })

  it('decodes a body that the server has compressed', async () => {
    const zipped = gzipSync('hello '.repeat(1000))
    answer = (socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-encoding: GZip\r\ncontent-length: ${zipped.length}\r\n\r\n`,
      )
      socket.write(zipped)
    }
    assert.equal(await (await nodeFetch(url, {})).text(), 'hello '.repeat(1000))
    answer = (socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc')
    await assert.rejects((await nodeFetch(url, {})).text())
  })

  it('passes on a body of another encoding as it is', async () => {
    answer = (socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: zstd\r\ncontent-length: 3\r\n\r\nabc')
    assert.equal(await (await nodeFetch(url, {})).text(), 'abc')
  })

  it('rejects with the error of the connection as its cause', async () => {
    answer = (socket) => socket.resetAndDestroy()
    const reset = await nodeFetch(url, {}).catch((error: unknown) => error)
    assert.ok(reset instanceof TypeError)
    assert.equal(reset.message, 'fetch failed')
    assert.match(codeOf(reset.cause), /^(ECONNRESET|UND_ERR_SOCKET)$/)
    const refused = await nodeFetch('http://127.0.0.1:1/', {}).catch((error: unknown) => error)
    assert.ok(refused instanceof TypeError)
    assert.equal(codeOf(refused.cause), 'ECONNREFUSED')
    const tooLarge = `HTTP/1.1 200 OK\r\nx-large: ${'x'.repeat(200_000)}\r\n\r\n`
    answer = (socket) => socket.write(tooLarge)
    const large = await nodeFetch(url, {}).catch((error: unknown) => error)
    assert.ok(large instanceof TypeError)
    assert.equal(codeOf(large.cause), 'UND_ERR_HEADERS_OVERFLOW')
    await assert.rejects(nodeFetch('ftp://127.0.0.1/', {}), TypeError)
    await assert.rejects(nodeFetch(url, { headers: { 'user-agent': 'a\nb' } }), TypeError)
  })

  it('throws after the bytes that arrived when the connection breaks', async () => {
    answer = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', () => socket.destroy())
    }
    const reader = (await nodeFetch(url, {})).body?.getReader()
    assert.equal((await reader?.read())?.value?.length, 3)
    await assert.rejects(async () => await reader?.read(), {
      name: 'TypeError',
      message: 'terminated',
    })
  })

  it('rejects with the reason of an abort, before and after the answer begins', async () => {
    const reason = new Error('left')
    const aborted = AbortSignal.abort(reason)
    await assert.rejects(nodeFetch(url, { signal: aborted }), reason)
    assert.equal(requests.length, 0)
    const waiting = new AbortController()
    answer = () => waiting.abort(reason)
    await assert.rejects(nodeFetch(url, { signal: waiting.signal }), reason)
    await closeOf(sockets.at(-1))
    const reading = new AbortController()
    answer = (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')
    const reader = (await nodeFetch(url, { signal: reading.signal })).body?.getReader()
    await reader?.read()
    const pending = reader?.read()
    reading.abort(reason)
    await assert.rejects(async () => await pending, reason)
    await closeOf(sockets.at(-1))
  })

  it('closes the connection of a cancelled body and ends its pending read', async () => {
    answer = (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')
    const reader = (await nodeFetch(url, {})).body?.getReader()
    await reader?.read()
    const pending = reader?.read()
    await reader?.cancel()
    assert.deepEqual(await pending, { done: true, value: undefined })
    await closeOf(sockets.at(-1))
  })

  it('reads a large body completely', async () => {
    const size = 16 * 1024 * 1024
    answer = (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`)
      socket.write(new Uint8Array(size))
    }
    const reader = (await nodeFetch(url, {})).body?.getReader()
    let bytes = 0
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      bytes += next.value.length
    }
    assert.equal(bytes, size)
  })
})

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}

async function closeOf(socket: Socket | undefined): Promise<void> {
  if (socket && !socket.closed) await once(socket, 'close')
}
