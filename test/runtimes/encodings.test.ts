import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { json } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { createDemoIdentity } from '../../src/simulator/identity.ts'
import { RUNTIMES, startGateway, type Target } from './start.ts'

type Encode = (bytes: Uint8Array) => Uint8Array

const TEXT = 'Grüße '.repeat(500)
const plain: Encode = (bytes) => bytes

/** Encodings of an answer. The gateway asks for none, but a proxy before OCI may ignore that. */
const ENCODINGS: readonly [header: string | undefined, encode: Encode, isRead: boolean][] = [
  [undefined, plain, true],
  ['identity', plain, true],
  ['gzip', (bytes) => gzipSync(bytes), true],
  // Not every runtime decodes these.
  ['GZIP', (bytes) => gzipSync(bytes), false],
  ['x-gzip', (bytes) => gzipSync(bytes), false],
  ['deflate', (bytes) => deflateSync(bytes), false],
  ['br', (bytes) => brotliCompressSync(bytes), false],
  ['zstd', (bytes) => zstdCompressSync(bytes), false],
  ['gzip, gzip', (bytes) => gzipSync(gzipSync(bytes)), false],
  ['aws-chunked', plain, false],
]

/** Kinds of answers: what OCI sends with which status, and what the client gets. */
const ANSWERS = {
  json: { status: 200, type: 'application/json', text: JSON.stringify({ text: TEXT }) },
  media: { status: 200, type: 'audio/mpeg', text: TEXT },
  error: {
    status: 400,
    type: 'application/json',
    text: JSON.stringify({ error: { message: TEXT } }),
  },
} as const
type Kind = keyof typeof ANSWERS

/** Answers with the encoding and the kind that the text to speak names. */
function startUpstream(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { input } = await json(request) as { input: string }
    const [index, kind] = input.split(' ') as [string, Kind]
    const [encoding, encode] = ENCODINGS[Number(index)] ?? [undefined, plain]
    const { status, type, text } = ANSWERS[kind]
    const bytes = encode(new TextEncoder().encode(text))
    response.writeHead(status, {
      'content-type': type,
      'content-length': bytes.length,
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    })
    response.end(bytes)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

for (const runtime of RUNTIMES) {
  describe(`encoded answers of OCI, on ${runtime}`, () => {
    let upstream: Server | undefined
    let gateway: Target | undefined
    before(async () => {
      upstream = await startUpstream()
      const address = upstream.address()
      const port = typeof address === 'object' ? address?.port : 0
      const oci = { url: `http://127.0.0.1:${port}`, identity: await createDemoIdentity() }
      gateway = await startGateway(runtime, oci, {}, { bare: true })
    })
    after(async () => {
      await gateway?.stop()
      upstream?.close()
    })

    async function ask(index: number, kind: Kind) {
      assert.ok(gateway)
      const response = await fetch(`${gateway.url}/v1/audio/speech`, {
        method: 'POST',
        headers: { 'authorization': `Bearer ${gateway.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'xai.grok-tts', voice: 'ara', input: `${index} ${kind}` }),
      })
      assert.equal(response.headers.get('content-encoding'), null)
      return { status: response.status, text: await response.text() }
    }

    for (const [index, [encoding = 'none', , isRead]] of ENCODINGS.entries()) {
      it(`${encoding}: ${isRead ? 'is read' : 'is a failure of OCI, never a broken answer'}`, async () => {
        for (const kind of ['json', 'media'] as const) {
          const { status, text } = await ask(index, kind)
          if (isRead) assert.deepEqual([status, text], [200, ANSWERS[kind].text])
          else {
            assert.deepEqual([status, JSON.parse(text).error.code], [
              502,
              'upstream_invalid_response',
            ], kind)
          }
        }
        const { status, text } = await ask(index, 'error')
        const { message } = JSON.parse(text).error
        assert.equal(status, 400)
        assert.match(message, isRead ? /^Grüße Grüße/ : /^OCI rejected the request: status 400/)
      })
    }
  })
}
