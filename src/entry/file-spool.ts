import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Spool } from '../platform.ts'
import { releaseBytes } from '../release-bytes.ts'

/** Bytes of one read. */
const BLOCK = 64 * 1024

/**
 * Creates a temporary file, readable by its owner only. Its name is removed at once where the system
 * allows it, so that nothing is left if the process ends.
 */
export async function openFileSpool(): Promise<Spool> {
  const path = join(tmpdir(), `oci-gateway-${crypto.randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  const remove = () => rm(path, { force: true }).catch(() => {})
  await remove()
  return new FileSpool(file, remove)
}

class FileSpool implements Spool {
  readonly #file: FileHandle
  readonly #remove: () => Promise<void>
  readonly #hash = createHash('sha256')
  #length = 0

  constructor(file: FileHandle, remove: () => Promise<void>) {
    this.#file = file
    this.#remove = remove
  }

  async append(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#hash.update(chunk)
    for (let at = 0; at < chunk.length;) {
      const { bytesWritten } = await this.#file.write(chunk, at, chunk.length - at, this.#length)
      at += bytesWritten
      this.#length += bytesWritten
    }
    releaseBytes(chunk)
  }

  finish(): ReturnType<Spool['finish']> {
    return { sha256: this.#hash.digest('base64'), open: () => this.#open() }
  }

  async remove(): Promise<void> {
    await this.#file.close().catch(() => {})
    // On Windows, an open file keeps its name.
    await this.#remove()
  }

  #open(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const file = this.#file
    let position = 0
    return new ReadableStream({
      async pull(controller) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(BLOCK), 0, BLOCK, position)
        if (bytesRead === 0) return controller.close()
        position += bytesRead
        controller.enqueue(buffer.subarray(0, bytesRead))
      },
    }, { highWaterMark: 0 })
  }
}
