import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { openFileSpool } from '../../src/entry/file-spool.ts'
import { openUpload } from '../../src/entry/node-answer.ts'
import { processFetch } from '../../src/entry/process-fetch.ts'
import { releaseBytes } from '../../src/release-bytes.ts'

const TEXT = 'one two three'

function streamOf(...parts: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = parts.map((part) => new TextEncoder().encode(part))
  return new ReadableStream({
    pull(controller) {
      const bytes = rest.shift()
      if (bytes) controller.enqueue(bytes)
      else controller.close()
    },
  }, { highWaterMark: 0 })
}

describe('openFileSpool()', () => {
  it('keeps bytes, can be opened several times, and leaves no file', async () => {
    const before = await spoolFiles()
    const spool = await openFileSpool()
    for (const part of ['one', ' two', ' three']) await spool.append(new TextEncoder().encode(part))
    const { open, sha256 } = spool.finish()
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(TEXT))
    assert.equal(sha256, btoa(String.fromCharCode(...new Uint8Array(digest))))
    for (let count = 0; count < 2; count++) assert.equal(await new Response(open()).text(), TEXT)
    // Other processes create theirs at the same time, and remove the names at once.
    const isNew = (name: string) => !before.includes(name)
    for (let left = await spoolFiles(), polls = 0; left.some(isNew); left = await spoolFiles()) {
      assert.ok(polls++ < 1_000, left.join())
    }
    await spool.remove()
    await spool.remove()
  })
})

async function spoolFiles(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('oci-gateway-'))
}

describe('releaseBytes()', () => {
  it('frees bytes that fill their buffer, and no others', () => {
    const whole = new Uint8Array(8)
    releaseBytes(whole)
    releaseBytes(whole)
    assert.equal(whole.length, 0)
    const part = new Uint8Array(new ArrayBuffer(8), 4)
    releaseBytes(part)
    assert.equal(part.length, 4)
  })
})

/** Leaves the client time to send more than the connection takes. */
async function readSlowly(incoming: IncomingMessage): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return chunks
}

describe('a stream as the body of a request', () => {
  let server: Server
  let url = ''
  let seen: { length: string | undefined; encoding: string | undefined; body: string }[] = []

  before(async () => {
    server = createServer(async (incoming, outgoing) => {
      const chunks = await readSlowly(incoming).catch(() => [])
      const body = Buffer.concat(chunks).toString()
      const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers
      seen.push({ length, encoding, body })
      outgoing.end('ok')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  after(() => {
    server.close()
  })

  for (
    const headers of [{ 'content-length': String(TEXT.length) }, {}] as Record<string, string>[]
  ) {
    const length = headers['content-length']
    it(`is sent ${length ? 'with its length' : 'in chunks'}`, async () => {
      seen = []
      const body = streamOf('one', ' two', ' three')
      const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
      const response = await processFetch()(url, init)
      assert.equal(await response.text(), 'ok')
      assert.deepEqual(seen, [{ length, encoding: length ? undefined : 'chunked', body: TEXT }])
    })
  }

  it('is sent whole by a connection that takes less than a chunk, and freed', async () => {
    seen = []
    const letters = Array.from({ length: 40 }, (_, index) => 65 + index)
    const parts = letters.map((letter) => new Uint8Array(500_000).fill(letter))
    const text = letters.map((letter) => String.fromCharCode(letter).repeat(500_000)).join('')
    const rest = [...parts]
    const body = new ReadableStream({
      pull(controller) {
        const part = rest.shift()
        if (part) controller.enqueue(part)
        else controller.close()
      },
    }, { highWaterMark: 0 })
    const headers = { 'content-length': String(text.length) }
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
    await (await processFetch()(url, init)).text()
    // Memory that is freed too early would be empty or that of another chunk.
    assert.ok(seen[0]?.body === text)
    assert.deepEqual(parts.filter((part) => part.length > 0), [])
  })

  it('that fails fails the request', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error('broken'))
      },
    })
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    await assert.rejects(processFetch()(url, init))
  })
})

describe('openUpload()', () => {
  async function received(
    send: (url: string) => void,
    read: (incoming: IncomingMessage) => Promise<string>,
  ): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const server = createServer((incoming, outgoing) => {
      read(incoming).then(resolve, reject).finally(() => outgoing.end())
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return await promise.finally(() => server.close())
  }

  it('reads all bytes, one chunk at a time', async () => {
    const text = await received((url) => {
      const upload = request(url, { method: 'POST' })
      for (let count = 0; count < 200; count++) upload.write('x'.repeat(1_000))
      upload.end('end')
    }, async (incoming) => {
      const reader = openUpload(incoming)
      let text = ''
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += new TextDecoder().decode(part.value)
      }
      return text
    })
    assert.equal(text, `${'x'.repeat(200_000)}end`)
  })

  it('rejects when the client disconnects', async () => {
    const failure = received((url) => {
      const upload = request(url, { method: 'POST', headers: { 'content-length': 100 } })
      upload.on('error', () => {})
      upload.write('x', () => upload.destroy())
    }, async (incoming) => {
      const reader = openUpload(incoming)
      while (!(await reader.read()).done) { /* until it fails */ }
      return 'complete'
    })
    await assert.rejects(failure)
  })

  it('ends a pending read when it is cancelled', async () => {
    const text = await received((url) => {
      const upload = request(url, { method: 'POST', headers: { 'content-length': 100 } })
      upload.on('error', () => {})
      upload.flushHeaders()
      upload.on('response', () => upload.destroy())
    }, async (incoming) => {
      const reader = openUpload(incoming)
      const reading = reader.read()
      await reader.cancel()
      return String((await reading).done)
    })
    assert.equal(text, 'true')
  })
})
