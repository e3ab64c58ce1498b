import type { Context } from 'hono'
import type { AbortHandle } from '../abort.ts'
import { ApiError, clientClosed } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { PassedBody } from '../oci/relay/pass-through.ts'
import type { FormScanner } from '../openai/form-scanner.ts'
import type { ByteReader, Platform } from '../platform.ts'
import { readIntoMemory } from '../read-into-memory.ts'
import { noBytes } from '../sse/chunks.ts'
import { inTime } from '../timeout.ts'
import type { BodyLimits } from './context.ts'
import { tooLarge } from './too-large.ts'
import { UploadBuffer } from './upload-buffer.ts'
import { clientOf } from '../middleware/identify-client.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface UploadOptions {
  body: BodyLimits
  platform: Pick<Platform, 'openSpool'>
  contentType: string
  /** Reads and replaces fields of the form, which then must be complete before it is sent. */
  scanner: FormScanner | undefined
  /** Whether OCI must know the hash of the body before its first byte. */
  isSigned: boolean
  /** Aborted with the error of a body that is already passed on. */
  abort: AbortHandle
}

/**
 * Receives an upload. Where neither a signature nor its fields require the whole body, it is passed on
 * while it arrives. Otherwise a small body is kept in memory and a large one in a temporary file.
 * Throws a `request_too_large`, an `overloaded` or a `request_timeout`.
 */
export async function receiveUpload(
  c: Context<GatewayEnvironment>,
  options: UploadOptions,
): Promise<PassedBody> {
  const { body, platform, contentType, scanner, isSigned, abort } = options
  const request = c.req.raw
  const declared = Number(request.headers.get('content-length') ?? NaN)
  const canSpool = platform.openSpool !== undefined
  const isStreamed = !isSigned && !scanner
  const limit = isStreamed || canSpool
    ? { max: body.maxUploadBytes, setting: 'limits.maxUploadMiB' }
    : { max: body.maxBodyBytes, setting: 'limits.maxBodyMiB, no files on this runtime' }
  if (declared > limit.max) throw tooLarge(limit.max, limit.setting)
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    throw new ApiError('unsupported_media_type', 'An upload must not have a content-encoding')
  }
  const reader = c.env?.openUpload?.() ?? (request.body && readIntoMemory(request.body))
  const chunks = reader ? chunksOf(reader, body.bodyTimeout, limit) : noBytes()
  if (isStreamed) {
    const length = Number.isNaN(declared) ? undefined : declared
    return { type: 'upload', upload: { length, open: () => streamOf(chunks, abort) }, contentType }
  }
  const buffer = new UploadBuffer(reservations(c, body), platform.openSpool)
  c.get('lifecycle').onEnd(() => buffer.remove())
  for await (const chunk of chunks) await buffer.append(scanner?.push(chunk) ?? chunk)
  if (scanner) await buffer.append(scanner.end())
  return buffer.finish(contentType)
}

/** The bytes count until the request ends. */
function reservations(c: Context<GatewayEnvironment>, { budget, uploads }: BodyLimits) {
  const client = clientOf(c)
  const reserved = { memory: budget.reserve(client), disk: uploads.reserve(client) }
  c.get('lifecycle').onEnd(() => {
    reserved.memory.release()
    reserved.disk.release()
  })
  return reserved
}

async function* chunksOf(
  reader: ByteReader,
  timeout: number,
  { max, setting }: { max: number; setting: string },
): AsyncGenerator<Bytes, undefined> {
  let bytes = 0
  let hasEnded = false
  try {
    for (;;) {
      const reading = reader.read().catch((cause: unknown) => {
        throw clientClosed(cause)
      })
      const result = await inTime(timeout, reading, () => tooSlow(timeout))
      hasEnded = result.done
      if (result.done) return
      bytes += result.value.length
      if (bytes > max) throw tooLarge(max, setting)
      yield result.value
    }
  } finally {
    if (!hasEnded) void reader.cancel().catch(() => {})
  }
}

function streamOf(
  chunks: AsyncGenerator<Bytes, undefined>,
  abort: AbortHandle,
): ReadableStream<Bytes> {
  let isCancelled = false
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next()
        if (isCancelled) return
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        // Not every runtime reports the error of a body.
        abort.abort(error)
        controller.error(error)
      }
    },
    cancel() {
      isCancelled = true
      // A pending read would delay it until the client sends more.
      void chunks.return(undefined)
    },
  }, { highWaterMark: 0 })
}

function tooSlow(timeout: number): ApiError {
  return new ApiError(
    'request_timeout',
    `No data of the upload was received for ${timeout / 1000} seconds`,
  )
}
