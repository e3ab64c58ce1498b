import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { requestSigner } from '../../../src/oci/signing/request-signer.ts'
import { importPrivateKey } from '../../../src/oci/signing/private-key.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }

interface Received {
  method: string
  target: string
  headers: Map<string, string>
  body: Uint8Array<ArrayBuffer>
}

const { rsa2048 } = keys.keys
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const chat = '/20231130/actions/chat'

const requests: [name: string, method: string, path: string, body?: string][] = [
  ['A01 a GET', 'GET', '/20231130/models'],
  ['A02 a body in several scripts', 'POST', chat, '{"text":  "é日本"}'],
  ['A02 a large body', 'POST', chat, `"${'é'.repeat(100_000)}"`],
  ['A03 an empty body', 'POST', chat, ''],
  ['A04 an encoded query', 'GET', '/20231130/models?limit=100&page=a%2Fb'],
  ['A04 a query with odd characters', 'GET', '/n%2fx/é?a=b+c&d=e:f/g?h@i,j;k&empty=&flag&q=ü'],
  ['A04 a bare question mark', 'GET', '/20231130/models?'],
  ['A04 a question mark at the end of the query', 'GET', '/20231130/models?a=b?'],
  ['a fragment', 'GET', '/20231130/models?a=b#fragment'],
  ['A05 a DELETE', 'DELETE', '/20231130/models/a'],
]

describe('requestSigner() on the wire', () => {
  for (const [name, method, path, body] of requests) {
    it(`signs the bytes on the wire: ${name}`, async () => {
      const { key } = await importPrivateKey(rsa2048.pkcs8Pem)
      const sign = requestSigner({ keyId: 't/u/f', key })
      const bytes = body === undefined ? undefined : new TextEncoder().encode(body)
      const received = await receive(async (origin) => {
        const url = new URL(path, origin)
        const request = { method, url, body: bytes, date: Date.now() }
        const headers = await sign(request)
        await fetch(url.href, { method, headers, ...(bytes && { body: bytes }) })
      })
      assert.deepEqual(received.body, bytes ?? new Uint8Array())
      assert.equal(received.headers.get('transfer-encoding'), undefined)
      await assertSigned(received)
    })
  }
})

/** Verifies as OCI does: only with the public key and the received request. */
async function assertSigned({ method, target, headers, body }: Received): Promise<void> {
  const authorization = headers.get('authorization') ?? ''
  const parameters = new Map(
    Array.from(authorization.matchAll(/(\w+)="([^"]*)"/g), ([_all, name, value]) => [name, value]),
  )
  const names = parameters.get('headers')?.split(' ') ?? []
  const lines = names.map((name) =>
    name === '(request-target)'
      ? `${name}: ${method.toLowerCase()} ${target}`
      : `${name}: ${headers.get(name)}`
  )
  const spki = base64(rsa2048.spkiDerBase64)
  const publicKey = await crypto.subtle.importKey('spki', spki, RSA, false, ['verify'])
  const signature = base64(parameters.get('signature') ?? '')
  const text = new TextEncoder().encode(lines.join('\n'))
  assert.ok(await crypto.subtle.verify(RSA.name, publicKey, signature, text), lines.join('\n'))
  if (!names.includes('x-content-sha256')) return
  assert.equal(Number(headers.get('content-length')), body.length)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  assert.deepEqual(base64(headers.get('x-content-sha256') ?? ''), digest)
}

/** Receives one request as raw bytes, because an HTTP library would normalize it. */
async function receive(send: (origin: string) => Promise<void>): Promise<Received> {
  const { promise, resolve } = Promise.withResolvers<Received>()
  const server = createServer((socket) => {
    let seen = new Uint8Array()
    socket.on('data', (chunk) => {
      seen = Uint8Array.from([...seen, ...chunk])
      const received = parse(seen)
      if (received === undefined) return
      resolve(received)
      socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  await send(`http://127.0.0.1:${address.port}`)
  server.close()
  return promise
}

function parse(bytes: Uint8Array<ArrayBuffer>): Received | undefined {
  const [head = '', ...rest] = latin1(bytes).split('\r\n\r\n')
  if (rest.length === 0) return undefined
  const body = bytes.slice(head.length + 4)
  const [start = '', ...lines] = head.split('\r\n')
  const headers = new Map(lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  }))
  if (body.length < Number(headers.get('content-length') ?? 0)) return undefined
  const [method = '', target = ''] = start.split(' ')
  return { method, target, headers, body }
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

function base64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
