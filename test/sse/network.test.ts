import assert from 'node:assert/strict'
import { createServer, type Server, type Socket } from 'node:net'
import { after as afterAll, before, describe, it } from 'node:test'
import { ApiError } from '../../src/errors.ts'
import { collect, readSse } from './streams.ts'

const HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'

describe('readDecoded() over a network', () => {
  const upstream = createUpstream()
  before(upstream.listen)
  afterAll(upstream.close)

  it('reads events written one at a time', async () => {
    const abort = new AbortController()
    const { body, socket } = await upstream.open(abort.signal)
    const expected = Array.from({ length: 200 }, (_, i) => ({ data: `{"n":${i}}` }))
    for (const { data } of expected) socket.write(chunk(`data: ${data}\n\n`))
    socket.end('0\r\n\r\n')
    assert.deepEqual(await collect(readSse(body, abort)), expected)
  })

  it('X17 reports a connection reset as upstream_incomplete', async () => {
    const abort = new AbortController()
    const { body, socket } = await upstream.open(abort.signal)
    const batches = readSse(body, abort)
    socket.write(chunk('data: a\n\n'))
    assert.deepEqual(await batches.next(), { done: false, value: [{ data: 'a' }] })
    socket.destroy()
    await assert.rejects(batches.next(), isApiError('upstream_incomplete'))
  })

  it('X13 closes an idle connection when it is aborted', async () => {
    const abort = new AbortController()
    const { body, closed } = await upstream.open(abort.signal)
    const waiting = readSse(body, abort).next()
    abort.abort()
    await assert.rejects(waiting, isApiError('client_closed'))
    await closed
  })

  it('closes an idle connection on return()', async () => {
    const abort = new AbortController()
    const { body, closed } = await upstream.open(abort.signal)
    const batches = readSse(body, abort)
    const waiting = batches.next()
    await batches.return?.()
    assert.deepEqual(await waiting, { done: true, value: undefined })
    await closed
  })

  it('closes an idle connection at its idle timeout', async () => {
    const abort = new AbortController()
    const { body, closed } = await upstream.open(abort.signal)
    await assert.rejects(collect(readSse(body, { signal: abort.signal, idleMs: 30 })))
    await closed
  })
})

function createUpstream() {
  const waiting: ((socket: Socket) => void)[] = []
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(HEAD)
      waiting.shift()?.(socket)
    })
  })
  return {
    listen: () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
    async open(signal: AbortSignal) {
      const connected = new Promise<Socket>((resolve) => waiting.push(resolve))
      const response = await fetch(`http://127.0.0.1:${portOf(server)}`, { signal })
      const socket = await connected
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      assert.ok(response.body)
      return { body: response.body, socket, closed }
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return address.port
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

function isApiError(code: ApiError['code']) {
  return (error: unknown) => error instanceof ApiError && error.code === code
}
