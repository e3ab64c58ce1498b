import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { after, before, describe, it } from 'node:test'
import { fetchOnce } from '../../src/entry/deno-fetch.ts'

let requests: string[] = []
let answer: (socket: Socket) => void = () => {}
const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (bytes: Uint8Array) => {
    requests.push(String(bytes))
    answer(socket)
  })
})
let url = ''

describe('fetchOnce()', () => {
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  })
  after(() => {
    server.close()
  })

  it('sends bytes with their length', async () => {
    requests = []
    answer = (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    const body = new TextEncoder().encode('{"a":1}')
    const response = await fetchOnce(url, { method: 'POST', body })
    assert.equal(await response.text(), 'ok')
    assert.match(requests.join(''), /content-length: 7\r\n[^]*\{"a":1\}$/i)
    assert.doesNotMatch(requests.join(''), /transfer-encoding/i)
  })

  it('decodes an answer that is encoded although the request asks for none', async () => {
    const body = gzipSync('hello'.repeat(100))
    answer = (socket) => {
      const head = `content-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`
      socket.write(`HTTP/1.1 200 OK\r\n${head}`)
      socket.end(body)
    }
    const response = await fetchOnce(url, { headers: { 'accept-encoding': 'identity' } })
    assert.equal(await response.text(), 'hello'.repeat(100))
  })

  it('sends a request once when the connection closes without a response', async () => {
    requests = []
    answer = (socket) => socket.destroy()
    const body = new TextEncoder().encode('{}')
    await assert.rejects(fetchOnce(url, { method: 'POST', body }))
    assert.equal(requests.filter((text) => text.startsWith('POST')).length, 1)
  })
})
