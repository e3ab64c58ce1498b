import type { Decompress } from '../platform.ts'
import { releasing } from './releasing.ts'
import { STREAMING_DECOMPRESSORS } from './streaming-decompressors.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Bodies of at least so many bytes are sent as a stream, in chunks of this size: they are large enough
 * for a copy of them to matter.
 */
const LARGE = 256 * 1024

/**
 * `fetch` for Deno that sends a request only once. Deno repeats a request when the connection closes
 * before the response, although OCI may already process it, but not if the body is a `Blob`
 * (measured). A stream with a length is passed as one, too: Deno would send it in chunks, without
 * the `content-length` that OCI's signature covers.
 */
export async function fetchOnce(url: string, init: RequestInit): Promise<Response> {
  return decoded(await send(url, init))
}

function send(url: string, init: RequestInit): Promise<Response> {
  const { body, headers } = init
  if (ArrayBuffer.isView(body)) {
    const { byteLength } = body
    // A Blob copies the bytes, and V8 does not count the copy as a reason to collect garbage.
    const sent = byteLength < LARGE ? new Blob([body]) : new StreamBlob(streamOf(body), byteLength)
    return fetch(url, { ...init, body: sent })
  }
  if (!(body instanceof ReadableStream)) return fetch(url, init)
  const length = new Headers(headers).get('content-length')
  const stream = releasing(body)
  const sent = length === null ? stream : new StreamBlob(stream, Number(length))
  return fetch(url, { ...init, body: sent })
}

function streamOf(body: ArrayBufferView<ArrayBuffer>): ReadableStream<Bytes> {
  let at = body.byteOffset
  const end = at + body.byteLength
  return new ReadableStream({
    pull(controller) {
      if (at === end) return controller.close()
      const length = Math.min(end - at, LARGE)
      controller.enqueue(new Uint8Array(body.buffer, at, length))
      at += length
    },
  }, { highWaterMark: 0 })
}

/** Decodes gzip: Deno does not where a request has `accept-encoding`, other runtimes do. */
function decoded(response: Response): Response {
  const { body, status } = response
  const encoding = response.headers.get('content-encoding')?.trim()
  const decompress = STREAMING_DECOMPRESSORS.get('gzip')
  if (!body || encoding !== 'gzip' || !decompress) return response
  const headers = new Headers(response.headers)
  for (const name of ['content-encoding', 'content-length']) headers.delete(name)
  return new Response(decompressed(body, decompress), { status, headers })
}

/** `DecompressionStream` would decode a whole chunk at once, which may be 1,000 times its size. */
function decompressed(body: ReadableStream<Bytes>, decompress: Decompress): ReadableStream<Bytes> {
  const reader = body.getReader()
  async function* read(): AsyncGenerator<Bytes> {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  }
  const chunks = decompress(read(), Infinity)[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
    async cancel(reason) {
      await reader.cancel(reason)
      await chunks.return?.()
    },
  }, { highWaterMark: 0 })
}

/** A stream as a `Blob`, of which `fetch` reads only these members. */
class StreamBlob extends Blob {
  readonly #stream: ReadableStream<Bytes>
  readonly #size: number

  constructor(stream: ReadableStream<Bytes>, size: number) {
    super([])
    this.#stream = stream
    this.#size = size
  }

  override get size(): number {
    return this.#size
  }

  override stream(): ReadableStream<Bytes> {
    return this.#stream
  }
}
