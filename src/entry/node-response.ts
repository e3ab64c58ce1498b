import type { ByteBody, ByteReader, UpstreamResponse } from '../platform.ts'
import type { NodeBody } from './node-body.ts'
import { STREAMING_DECOMPRESSORS } from './streaming-decompressors.ts'

/** Lower-case names; several headers of one name are a list. */
type HeaderValues = Readonly<Record<string, string | string[] | undefined>>

/** The encodings that Node's `fetch` decodes. */
const DECODED = new Set(['gzip', 'x-gzip', 'deflate', 'br'])

/** The answer to a call, without the costs of a `Response`. */
export class NodeResponse implements UpstreamResponse {
  readonly status: number
  readonly ok: boolean
  readonly headers: UpstreamResponse['headers']
  readonly body: ByteBody

  constructor(status: number, values: HeaderValues, body: NodeBody) {
    this.status = status
    this.ok = status >= 200 && status <= 299
    this.headers = new NodeHeaders(values)
    const encoding = values['content-encoding']
    this.body = typeof encoding === 'string' ? decoded(body, encoding) : body
  }

  async text(): Promise<string> {
    const reader = this.body.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      text += decoder.decode(value, { stream: true })
    }
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }
}

class NodeHeaders {
  readonly #values: HeaderValues

  constructor(values: HeaderValues) {
    this.#values = values
  }

  get(name: string): string | null {
    const value = this.#values[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : value ?? null
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }
}

/** Decodes a body that a server has encoded, although the gateway asks for none. */
function decoded(body: NodeBody, encoding: string): ByteBody {
  const name = encoding.trim().toLowerCase()
  const decompress = DECODED.has(name)
    ? STREAMING_DECOMPRESSORS.get(name === 'x-gzip' ? 'gzip' : name)
    : undefined
  return decompress ? new DecodedBody(body, decompress(chunksOf(body), Infinity)) : body
}

class DecodedBody implements ByteBody, ByteReader {
  readonly #encoded: NodeBody
  readonly #chunks: AsyncIterator<Uint8Array>

  constructor(encoded: NodeBody, chunks: AsyncIterable<Uint8Array>) {
    this.#encoded = encoded
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  getReader(): ByteReader {
    return this
  }

  async read(): ReturnType<ByteReader['read']> {
    const { done, value } = await this.#chunks.next()
    // zlib allocates no shared memory.
    return done
      ? { done, value: undefined }
      : { done: false, value: value as Uint8Array<ArrayBuffer> }
  }

  async cancel(): Promise<void> {
    // Ends a pending read, for which `return()` waits.
    await this.#encoded.cancel()
    await this.#chunks.return?.().catch(() => {})
  }
}

async function* chunksOf(body: NodeBody): AsyncGenerator<Uint8Array> {
  for (let next = await body.read(); !next.done; next = await body.read()) yield next.value
}
