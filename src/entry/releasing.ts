import { releaseBytes } from '../release-bytes.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Frees the memory of each chunk of a body when `fetch` reads the next one. By then `fetch` has copied
 * the chunk, or holds its memory for as long as it sends it.
 */
export function releasing(body: ReadableStream<Bytes>): ReadableStream<Bytes> {
  const reader = body.getReader()
  let last: Bytes | undefined
  return new ReadableStream({
    async pull(controller) {
      if (last) releaseBytes(last)
      const { done, value } = await reader.read()
      if (done) return controller.close()
      last = value
      controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 })
}
