import type { BodyReservation } from '../access/body-budget.ts'
import { ApiError } from '../errors.ts'
import type { PassedBody } from '../oci/relay/pass-through.ts'
import type { Platform, Spool } from '../platform.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Bytes that are kept in memory where there are files. */
const MAX_IN_MEMORY = 1024 * 1024

/** An upload: in memory while it is small, or without files; else in a temporary file. */
export class UploadBuffer {
  readonly #reserved: { memory: BodyReservation; disk: BodyReservation }
  readonly #openSpool: Platform['openSpool']
  #chunks: Bytes[] = []
  #length = 0
  #spool: Spool | undefined
  #isRemoved = false

  constructor(
    reserved: { memory: BodyReservation; disk: BodyReservation },
    openSpool: Platform['openSpool'],
  ) {
    this.#reserved = reserved
    this.#openSpool = openSpool
  }

  async append(chunk: Bytes): Promise<void> {
    this.#length += chunk.length
    if (this.#openSpool && !this.#spool && this.#length > MAX_IN_MEMORY) await this.#moveToFile()
    const { memory, disk } = this.#reserved
    if (!(this.#spool ? disk : memory).add(chunk.length)) throw overBudget()
    if (this.#spool) await this.#write(this.#spool, chunk)
    else this.#chunks.push(chunk)
  }

  finish(contentType: string): PassedBody {
    if (this.#spool) {
      const upload = { length: this.#length, ...this.#spool.finish() }
      return { type: 'upload', upload, contentType }
    }
    const bytes = new Uint8Array(this.#length)
    let at = 0
    for (const chunk of this.#chunks.splice(0)) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    return { type: 'bytes', bytes, contentType }
  }

  /** Deletes the temporary file. */
  remove(): void {
    this.#isRemoved = true
    void this.#spool?.remove()
  }

  async #moveToFile(): Promise<void> {
    const spool = this.#spool = await this.#openSpool?.().catch(failed)
    if (!spool) return
    // The client may have disconnected while the file was opened.
    if (this.#isRemoved) void spool.remove()
    for (const chunk of this.#chunks.splice(0)) await this.#write(spool, chunk)
  }

  async #write(spool: Spool, chunk: Bytes): Promise<void> {
    await spool.append(chunk).catch(failed)
  }
}

function failed(cause: unknown): never {
  const message = 'The gateway cannot write a temporary file for this upload: TMPDIR must be a ' +
    'writable folder with enough space'
  throw new ApiError('configuration_error', message, { cause })
}

function overBudget(): ApiError {
  const message = 'The uploads in progress exceed the limit of the gateway. Retry in 1 second'
  return new ApiError('overloaded', message, { retryAfter: 1, reason: 'body_budget' })
}
