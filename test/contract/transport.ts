import assert from 'node:assert/strict'
import { request } from 'node:http'
import { it } from 'node:test'
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { type GetTarget, post } from './target.ts'

const LLAMA = 'meta.llama-3.3-70b-instruct'
const CHAT = JSON.stringify({
  model: LLAMA,
  messages: [{ role: 'user', content: `Hello, 日本 🦊 ${'more '.repeat(40_000)}` }],
})
const SUPPORTED = /gzip, deflate, br, zstd, identity/
/** Milliseconds after which a client without an answer fails. */
const PATIENCE = 60_000

type Encode = (bytes: Uint8Array) => Uint8Array

const gzip: Encode = (bytes) => gzipSync(bytes)
const zstd: Encode = (bytes) => zstdCompressSync(bytes)

const accepted: [encoding: string, encode: Encode][] = [
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['GZip', gzip],
  ['deflate', (bytes) => deflateSync(bytes)],
  // Without the header of zlib, as some clients send it.
  ['deflate', (bytes) => deflateRawSync(bytes)],
  ['br', (bytes) => brotliCompressSync(bytes)],
  ['zstd', zstd],
  ['identity', (bytes) => bytes],
  ['', (bytes) => bytes],
  ['gzip, zstd', (bytes) => zstd(gzip(bytes))],
  ['identity , gzip,', gzip],
  // Members of gzip may follow each other.
  ['gzip', (bytes) => Buffer.concat([gzip(bytes.subarray(0, 9)), gzip(bytes.subarray(9))])],
]

/** A body that decodes to 64 MiB. */
const BOMB = new Uint8Array(64 * 1024 * 1024).fill(32)
/** The default quality takes seconds for it. */
const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

interface Rejection {
  encoding: string
  body: () => Uint8Array
  status: number
  code: string
  message: RegExp
}

const incomplete = { status: 400, code: 'invalid_request', message: /incomplete/ }
const bomb = { status: 413, code: 'request_too_large', message: /limits\.maxBodyMiB/ }
const unknown = { status: 415, code: 'unsupported_media_type', message: SUPPORTED }
const cut = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 12)

const rejected: [name: string, rejection: Rejection][] = [
  ['a truncated gzip body', { encoding: 'gzip', body: () => cut(gzip(of(CHAT))), ...incomplete }],
  ['a truncated br body', {
    encoding: 'br',
    body: () => cut(brotliCompressSync(CHAT)),
    ...incomplete,
  }],
  ['a truncated zstd body', { encoding: 'zstd', body: () => cut(zstd(of(CHAT))), ...incomplete }],
  ['a body that is not gzip', { encoding: 'gzip', body: () => of(CHAT), ...incomplete }],
  ['a body with a wrong checksum', {
    encoding: 'gzip',
    body: () => gzip(of(CHAT)).map((byte, at, all) => at === all.length - 7 ? byte ^ 255 : byte),
    ...incomplete,
  }],
  ['a gzip bomb', { encoding: 'gzip', body: () => gzip(BOMB), ...bomb }],
  ['a br bomb', { encoding: 'br', body: () => brotliCompressSync(BOMB, FAST), ...bomb }],
  ['a zstd bomb', { encoding: 'zstd', body: () => zstd(BOMB), ...bomb }],
  ['a bomb within a bomb', { encoding: 'gzip, gzip', body: () => gzip(gzip(BOMB)), ...bomb }],
  ['an unknown encoding', { encoding: 'compress', body: () => of(CHAT), ...unknown }],
  ['an unknown encoding in a list', { encoding: 'gzip, lzma', body: () => of(CHAT), ...unknown }],
  ['four encodings', {
    ...{ encoding: 'gzip, gzip, gzip, gzip', body: () => of(CHAT) },
    ...{ status: 415, code: 'unsupported_media_type', message: /at most 3/ },
  }],
]

/** Encoded request bodies, and upgrades to WebSocket. */
export function testTransport(target: GetTarget): void {
  testEncodings(target)
  testUpgrades(target)
}

function testEncodings(target: GetTarget): void {
  for (const [index, [encoding, encode]] of accepted.entries()) {
    it(`R-D1 decodes a body with content-encoding "${encoding}" (${index + 1})`, async () => {
      const response = await postEncoded(target, encoding, encode(of(CHAT)))
      const text = await response.text()
      assert.equal(response.status, 200, text)
      const sent = new TextDecoder().decode(target().seen.at(-1)?.body)
      assert.match(sent, /Hello, 日本 🦊 more/)
    })
  }

  for (const [name, { encoding, body, status, code, message }] of rejected) {
    it(`R-D1 rejects ${name}`, async () => {
      const response = await postEncoded(target, encoding, body())
      const { error } = await response.json()
      assert.equal(response.status, status, error.message)
      assert.equal(error.code, code)
      assert.match(error.message, message)
      const header = response.headers.get('accept-encoding') ?? ''
      assert.equal(header, status === 415 ? 'gzip, deflate, br, zstd' : '')
    })
  }

  for (const path of ['/v1/responses', '/v1/messages', '/v1/embeddings', '/v1/rerank']) {
    it(`R-D1 decodes a body of ${path}`, async () => {
      const { url, key } = target()
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'authorization': `Bearer ${key}`, 'content-encoding': 'gzip' },
        body: gzip(of('{"model":"m"}')) as Uint8Array<ArrayBuffer>,
      })
      const { error } = await response.json()
      assert.equal(response.status, 400)
      assert.match(error.message, /is required/)
    })
  }
}

function testUpgrades(target: GetTarget): void {
  for (const path of ['/v1/responses', '/responses', '/v1/realtime?model=x', '/', '/health']) {
    it(`R-D2 answers a WebSocket handshake on ${path} with 426`, async () => {
      const { status, body } = await shakeHands(target, path)
      assert.equal(status, 426)
      const { error } = JSON.parse(body)
      assert.equal(error.code, 'upgrade_required')
      assert.equal(error.type, 'invalid_request_error')
      assert.match(error.message, /does not support WebSocket.*server-sent events/)
    })
  }

  it("R-D2 reports to the runtime's WebSocket client that the handshake failed", async () => {
    const socket = new WebSocket(`${target().url.replace('http', 'ws')}/v1/responses`)
    const event = await new Promise<Event>((resolve) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', resolve)
    })
    assert.equal(event.type, 'error')
  })

  it('R-D2 ignores other upgrades', async () => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' }
    assert.equal((await send(target, '/v1/models', headers)).status, 200)
  })

  it('R-D2 answers 200 to requests after a handshake', async () => {
    await shakeHands(target, '/v1/responses')
    const response = await post(target(), '/v1/chat/completions', {
      model: LLAMA,
      messages: [{ role: 'user', content: 'Hi' }],
    })
    assert.equal(response.status, 200, await response.text())
  })
}

function postEncoded(target: GetTarget, encoding: string, body: Uint8Array): Promise<Response> {
  const { url, key } = target()
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'authorization': `Bearer ${key}`,
      'content-type': 'application/json',
      'content-encoding': encoding,
    },
    body: body as Uint8Array<ArrayBuffer>,
  })
}

interface Answer {
  status: number | undefined
  body: string
}

/** Sends the handshake of a WebSocket client. Resolves when the answer is complete. */
function shakeHands(target: GetTarget, path: string): Promise<Answer> {
  return send(target, path, {
    'connection': 'Upgrade',
    'upgrade': 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  })
}

function send(
  target: GetTarget,
  path: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const { url, key } = target()
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      agent: false,
      timeout: PATIENCE,
    }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => text += chunk)
      response.on('end', () => resolve({ status: response.statusCode, body: text }))
      response.on('error', reject)
    })
    sent.on('upgrade', (response) => resolve({ status: response.statusCode, body: '' }))
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('error', reject)
    sent.end()
  })
}

function of(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
