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

const BODIES = [['a small body', 7], ['a body that is sent as a stream', 1_000_000]] as const
const isDeno = 'Deno' in globalThis

describe('fetchOnce()', { skip: !isDeno && 'only Deno uses it' }, () => {
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  })
  after(() => {
    server.close()
  })

  for (const [name, length] of BODIES) {
    it(`sends ${name} once, with its length`, async () => {
      requests = []
      const text = 'a'.repeat(length)
      answer = (socket) => {
        if (!requests.join('').endsWith(`\r\n\r\n${text}`)) return
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      }
      // Only a part of the buffer is the body.
      const body = new TextEncoder().encode(`b${text}b`).subarray(1, -1)
      const response = await fetchOnce(url, { method: 'POST', body })
      assert.equal(await response.text(), 'ok')
      const head = requests.join('').slice(0, -length)
      assert.match(head, new RegExp(`^POST [^]*content-length: ${length}\r\n`, 'i'))
      assert.doesNotMatch(head, /transfer-encoding/i)
    })

    it(`does not repeat ${name} when the connection closes without a response`, async () => {
      requests = []
      answer = (socket) => {
        if (requests.join('').length > length) socket.destroy()
      }
      const body = new Uint8Array(length).fill(97)
      await assert.rejects(fetchOnce(url, { method: 'POST', body }))
      assert.equal(requests.filter((text) => text.startsWith('POST')).length, 1)
    })
  }

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
})
