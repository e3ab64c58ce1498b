import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import { describe, it } from 'node:test'
import { FittingSize, openUpload } from '../../src/entry/deno-upload.ts'
import type { ByteReader } from '../../src/platform.ts'

const MIB = 2 ** 20
const URL = 'http://127.0.0.1/v1/files'

/** Deno's server while the client is faster than the reader: how much of a body is left unread. */
function unreadAfter(total: number, chunkLength: () => number): number {
  const size = new FittingSize()
  let [capacity, unread, most] = [1024, 0, 0]
  let [frame, content] = [0, 0]
  for (let read = 0; read < total;) {
    capacity = Math.max(capacity, size.bytes)
    unread += capacity
    if (content === 0) {
      content = chunkLength()
      frame += content.toString(16).length + 2
    }
    const framed = Math.min(frame, size.bytes)
    const length = Math.min(content, size.bytes - framed)
    frame -= framed
    content -= length
    if (content === 0) frame += 2
    unread -= framed + length
    most = Math.max(most, unread)
    if (length === 0) continue
    read += length
    size.hasRead(length)
  }
  return most
}

/** Lengths that look random and are the same in each run. */
function differentLengths(max: number): () => number {
  let state = 1
  return () => 1 + (state = state * 48_271 % 2_147_483_647) % max
}

describe('FittingSize', () => {
  const TOTAL = 64 * MIB
  const SAME = [1_000, 1_024, 1_460, 4_096, 16_384, 65_535, 65_536, 100_000, 262_144, 1_000_000]
  for (const length of SAME) {
    it(`leaves little unread of a body in chunks of ${length} bytes`, () => {
      const unread = unreadAfter(TOTAL, () => length)
      assert.ok(unread < TOTAL / 50, `${unread / MIB} MiB`)
    })
  }

  it('leaves little unread when the fields of a form precede the file', () => {
    const lengths = [120, 120, 80, 80, 80, 80]
    const unread = unreadAfter(TOTAL, () => lengths.shift() ?? 65_536)
    assert.ok(unread < TOTAL / 50, `${unread / MIB} MiB`)
  })

  for (const max of [16_384, 65_536, 1_000_000]) {
    it(`leaves a small part unread of a body in different chunks of up to ${max} bytes`, () => {
      const unread = unreadAfter(TOTAL, differentLengths(max))
      assert.ok(unread < TOTAL / 10, `${unread / MIB} MiB`)
    })
  }
})

async function readAll(reader: ByteReader): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true })
  }
  return text
}

function streamOf(text: string, type?: 'bytes'): ReadableStream<Uint8Array<ArrayBuffer>> {
  const start = (controller: ReadableStreamController<Uint8Array<ArrayBuffer>>) => {
    controller.enqueue(new TextEncoder().encode(text))
    controller.close()
  }
  return type ? new ReadableStream({ type, start }) : new ReadableStream({ start })
}

describe('openUpload() on Deno', () => {
  const TEXT = 'one two three'.repeat(10_000)
  const request = (body: ReadableStream | null, headers: Record<string, string> = {}) =>
    new Request(URL, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)

  it('reads all bytes', async () => {
    for (const headers of [{}, { 'content-length': String(TEXT.length) }]) {
      for (const body of [streamOf(TEXT), streamOf(TEXT, 'bytes')]) {
        assert.equal(await readAll(openUpload(request(body, headers))), TEXT)
      }
    }
  })

  it('reads nothing of a request without a body', async () => {
    const reader = openUpload(request(null))
    assert.equal(await readAll(reader), '')
    await reader.cancel()
  })

  it('cancels the body', async () => {
    let reason: unknown
    const body = new ReadableStream({ cancel: (given) => void (reason = given) })
    await openUpload(request(body)).cancel('enough')
    assert.equal(reason, 'enough')
  })
})

interface DenoServe {
  serve(
    options: { port: number; hostname: string; onListen(): void },
    handler: (request: Request) => Promise<Response>,
  ): { addr: { port: number }; shutdown(): Promise<void> }
}

const isDeno = 'Deno' in globalThis

describe("Deno's HTTP server", { skip: !isDeno && 'only Deno has it' }, () => {
  it('takes little of an upload before it is read', async () => {
    const { Deno } = globalThis as unknown as { Deno: DenoServe }
    const CHUNK = 65_536
    const READ = 48 * MIB
    let sent = 0
    let unread = 0
    const server = Deno.serve(
      { port: 0, hostname: '127.0.0.1', onListen() {} },
      async (request) => {
        const reader = openUpload(request)
        for (let read = 0; read < READ;) {
          // The client sends as much as the system's buffers take.
          await new Promise((resolve) => setTimeout(resolve))
          const { value } = await reader.read()
          read += value?.length ?? READ
          unread = Math.max(unread, sent - read)
        }
        return new Response('ok')
      },
    )
    const client = createConnection(server.addr.port, '127.0.0.1')
    const closed = new Promise((resolve) => client.once('close', resolve))
    client.on('error', () => {})
    client.on('data', () => client.destroy())
    client.write('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n')
    const chunk = `${CHUNK.toString(16)}\r\n${'a'.repeat(CHUNK)}\r\n`
    const send = () => {
      if (client.destroyed) return
      client.write(chunk, () => {
        sent += CHUNK
        send()
      })
    }
    send()
    await closed
    await server.shutdown()
    // Linux keeps up to 10 MiB of a connection.
    assert.ok(unread < 16 * MIB, `${unread / MIB} MiB`)
  })
})
