import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { NodeAnswer, openBody, sendAnswer } from '../../src/entry/node-answer.ts'
import type { SseSink, SseSource } from '../../src/sse/response.ts'

const isNode = !('Bun' in globalThis) && !('Deno' in globalThis)
const bytesOf = (text: string) => new TextEncoder().encode(text)

let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {}
const server = createServer((request, response) => handle(request, response))
let port = 0

describe('sendAnswer()', { skip: !isNode }, () => {
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('sends a whole answer with its length in bytes', async () => {
    handle = (_request, response) => {
      const answer = new NodeAnswer('{"a":"é"}', { 'content-type': 'application/json' })
      answer.headers.set('X-Request-Id', 'r1')
      assert.ok(answer.ok)
      assert.equal(answer.headers.get('x-request-ID'), 'r1')
      sendAnswer(answer, response)
    }
    const response = await fetch(`http://127.0.0.1:${port}/`)
    assert.equal(await response.text(), '{"a":"é"}')
    assert.equal(response.headers.get('content-length'), '10')
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('x-request-id'), 'r1')
  })

  it('rejects an invalid header value', () => {
    const { headers } = new NodeAnswer('', {})
    assert.throws(() => headers.set('x-a', 'a\r\nb: c'), TypeError)
    assert.equal(headers.get('x-a'), null)
  })

  it('sends batches until the source closes the stream', async () => {
    const texts = ['a', 'b', 'c']
    const source = createSource((sink) => {
      const text = texts.shift()
      if (text === undefined) sink.close()
      else sink.enqueue(bytesOf(text))
    })
    handle = (_request, response) => sendAnswer(new NodeAnswer(source, {}), response)
    const response = await fetch(`http://127.0.0.1:${port}/`)
    assert.equal(await response.text(), 'abc')
    assert.deepEqual(source.cancelled, [])
  })

  it('stops asking for batches while the client does not read, and when it has disconnected', async () => {
    const batch = new Uint8Array(1024 * 1024)
    const waiting = Promise.withResolvers<SseSink>()
    const source = createSource((sink) => {
      // A second batch is only requested when the first one has left for the network.
      assert.ok((sink.desiredSize ?? 0) > 0)
      sink.enqueue(batch)
      if (sink.desiredSize === 0) waiting.resolve(sink)
    })
    handle = (_request, response) => sendAnswer(new NodeAnswer(source, {}), response)
    const client = await openClient('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    client.pause()
    const sink = await waiting.promise
    const ended = Promise.withResolvers<void>()
    source.onCancel = ended.resolve
    client.destroy()
    await ended.promise
    assert.deepEqual([source.cancelled.length, sink.desiredSize], [1, 0])
    sink.enqueue(batch)
  })

  it('does not start a stream for a client that has disconnected', async () => {
    const source = createSource(() => assert.fail('started'))
    const sent = Promise.withResolvers<void>()
    handle = (_request, response) => {
      response.once('close', () => {
        sendAnswer(new NodeAnswer(source, {}), response)
        sent.resolve()
      })
    }
    const client = await openClient('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    setImmediate(() => client.destroy())
    await sent.promise
    assert.deepEqual([source.starts, source.cancelled.length], [0, 1])
  })
})

describe('openBody()', { skip: !isNode }, () => {
  before(async () => {
    if (!server.listening) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    }
    port = (server.address() as AddressInfo).port
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('reads a body, and answers although it was cancelled', async () => {
    handle = async (request, response) => {
      const body = openBody(request)
      const first = await body.read()
      await body.cancel()
      response.end(String(first.value?.length))
    }
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'abc' })
    assert.equal(await response.text(), '3')
  })

  it('rejects when the client disconnects', async () => {
    const [arrived, failed] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()]
    handle = async (request) => {
      const body = openBody(request)
      await body.read()
      arrived.resolve()
      failed.resolve(await body.read().catch((error: unknown) => error))
    }
    const client = await openClient('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc')
    await arrived.promise
    client.destroy()
    assert.ok(await failed.promise instanceof Error)
  })
})

interface TestSource extends SseSource {
  starts: number
  cancelled: unknown[]
  onCancel: () => void
}

function createSource(send: (sink: SseSink) => void): TestSource {
  let sink: SseSink | undefined
  async function run() {
    while (sink && (sink.desiredSize ?? 0) > 0) {
      await null
      send(sink)
    }
  }
  return {
    ...{ starts: 0, cancelled: [] },
    onCancel() {},
    start(own) {
      this.starts++
      sink = own
      void run()
    },
    pull: () => void run(),
    cancel(reason) {
      this.cancelled.push(reason)
      this.onCancel()
    },
  }
}

async function openClient(request: string): Promise<Socket> {
  const client = connect(port, '127.0.0.1')
  client.on('error', () => {})
  await once(client, 'connect')
  client.write(request)
  return client
}
