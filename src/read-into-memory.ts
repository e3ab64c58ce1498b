import type { ByteReader } from './platform.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Bytes of one read. */
export const READ_BYTES = 64 * 1024

/** How many bytes the next read asks for. */
export interface ReadSize {
  readonly bytes: number
  /** Called with how many bytes a read has returned. */
  hasRead?(length: number): void
}

/**
 * Opens a stream and reads into memory of its own where the runtime can, so that each chunk can be
 * freed early. A chunk that would leave most of this memory empty is copied, because the chunks of a
 * slow client would take a multiple of their size.
 */
export function readIntoMemory(
  stream: ReadableStream<Bytes>,
  size: ReadSize = { bytes: READ_BYTES },
): ByteReader {
  const reader = openBytes(stream)
  if (!reader) return stream.getReader()
  let spare = new ArrayBuffer(0)
  return {
    async read() {
      const { bytes } = size
      const memory = spare.byteLength < bytes
        ? new Uint8Array(bytes)
        : new Uint8Array(spare, 0, bytes)
      const { done, value } = await reader.read(memory)
      if (done || !value) return { done: true, value: undefined }
      size.hasRead?.(value.length)
      if (value.length > bytes / 2) {
        spare = new ArrayBuffer(0)
        return { done, value }
      }
      spare = value.buffer
      return { done, value: value.slice() }
    },
    cancel: (reason) => reader.cancel(reason),
  }
}

interface BytesReader {
  read(memory: Bytes): Promise<ReadableStreamReadResult<Bytes>>
  cancel(reason: unknown): Promise<void>
}

/** Bun's bodies are no byte streams, nor are small ones of Deno that have already arrived. */
function openBytes(stream: ReadableStream<Bytes>): BytesReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' }) as BytesReader
  } catch {
    return undefined
  }
}
