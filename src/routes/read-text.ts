import type { BodyReservation } from '../access/body-budget.ts'
import { ApiError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import type { ByteReader } from '../platform.ts'
import type { Steps } from '../steps.ts'
import { inTime, type Timers } from '../timeout.ts'
import { BodyBytes } from './body-bytes.ts'
import { decodeChunks, type Encoding } from './content-encoding.ts'
import { tooLarge } from './too-large.ts'

export interface ReadTextOptions extends Pick<Limits, 'maxBodyBytes' | 'bodyTimeout'> {
  /** In the order in which they were applied to the body. */
  encodings?: readonly Encoding[]
  /** Reserves the bytes that are received. */
  reservation: BodyReservation
  /** The timers of the request. Default: the runtime's. */
  timers?: Timers | undefined
  /** Opens the body. Default: a reader of the request's `ReadableStream`. */
  openBody?: (() => ByteReader) | undefined
}

/**
 * Bytes of a declared length that are reserved in advance, so that the body is read in one call,
 * which is fastest. A larger body is reserved as it arrives: otherwise a client could use up the
 * budget with bodies that it declares and never sends. At this size, all concurrent requests that
 * the default limits allow fit into the budget.
 */
const MAX_RESERVED_IN_ADVANCE = 256 * 1024

/** A body that was received. */
export interface ReceivedBody {
  /** After decoding. */
  bytes: number
  /** Decodes the body. Call it once. */
  takeText(): Steps<string>
}

/**
 * Receives a request's body and decodes its encodings. Limit and budget count decoded bytes. Throws
 * a `request_too_large`, an `overloaded` when the budget is used up, a `request_timeout`, or an
 * `invalid_request` for a body that cannot be decoded.
 */
export async function receiveBody(
  request: Request,
  options: ReadTextOptions,
): Promise<ReceivedBody> {
  const { maxBodyBytes, reservation, encodings = [] } = options
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxEncodedBytes(options)) throw tooLarge(maxBodyBytes)
  // No runtime reads more than the declared length. On Node, even accessing `body` would cost more
  // than reading the text.
  if (encodings.length === 0 && declared > 0 && declared <= MAX_RESERVED_IN_ADVANCE) {
    if (!reservation.add(declared)) throw overBudget()
    return received(await withBodyTimeout(request.text(), options), declared)
  }
  const reader = options.openBody?.() ?? request.body?.getReader()
  if (!reader) return received(await request.text(), 0)
  try {
    return await withBodyTimeout(
      encodings.length === 0 ? readChunks(reader, options) : readEncoded(reader, options),
      options,
    )
  } catch (error) {
    void reader.cancel(error).catch(() => {})
    throw error
  }
}

/**
 * Bytes beyond the limit that are read and discarded: a client whose connection is closed while it
 * still sends may not receive the error (measured on Bun).
 */
const MAX_DISCARDED = 1024 * 1024

async function readChunks(
  reader: ByteReader,
  { maxBodyBytes, reservation }: ReadTextOptions,
): Promise<ReceivedBody> {
  const body = new BodyBytes()
  for (let bytes = 0;;) {
    const { done, value } = await reader.read()
    if (done && bytes <= maxBodyBytes) return { bytes, takeText: () => body.takeText() }
    bytes += value?.length ?? 0
    if (done || bytes > maxBodyBytes + MAX_DISCARDED) throw tooLarge(maxBodyBytes)
    if (bytes > maxBodyBytes) continue
    if (!reservation.add(value.length)) throw overBudget()
    body.append(value)
  }
}

async function readEncoded(
  reader: ByteReader,
  options: ReadTextOptions,
): Promise<ReceivedBody> {
  const { maxBodyBytes, reservation, encodings = [] } = options
  // The encoding that was applied last is decoded first.
  const decoded = encodings.reduceRight<AsyncIterable<Uint8Array>>(
    (chunks, encoding) => decodeChunks(chunks, encoding, maxBodyBytes),
    chunksOf(reader, options),
  )
  const body = new BodyBytes()
  try {
    for await (const chunk of decoded) {
      if (!reservation.add(chunk.length)) throw overBudget()
      body.append(chunk)
    }
  } catch (error) {
    await discard(reader)
    throw error
  }
  return { bytes: body.length, takeText: () => body.takeText() }
}

/** Chunks before decoding. They may decode to nothing, so they have a limit, too. */
async function* chunksOf(
  reader: ByteReader,
  options: ReadTextOptions,
): AsyncGenerator<Uint8Array> {
  for (let bytes = 0;;) {
    const { done, value } = await reader.read()
    if (done) return
    bytes += value.length
    if (bytes > maxEncodedBytes(options)) throw tooLarge(options.maxBodyBytes)
    if (value.length > 0) yield value
  }
}

/** Encoded data that cannot be compressed is slightly larger than the decoded data. */
function maxEncodedBytes({ maxBodyBytes, encodings = [] }: ReadTextOptions): number {
  return encodings.length === 0 ? maxBodyBytes : maxBodyBytes * 1.01 + 1024
}

async function discard(reader: ByteReader): Promise<void> {
  try {
    for (let bytes = 0; bytes <= MAX_DISCARDED;) {
      const { done, value } = await reader.read()
      if (done) return
      bytes += value.length
    }
  } catch {
    // The client has disconnected.
  }
}

function received(text: string, bytes: number): ReceivedBody {
  return { bytes, takeText: () => withoutSteps(text) }
}

/** Not a method of the body: V8 would create a prototype and a map for each (1.3 us on workerd). */
// deno-lint-ignore require-yield
function* withoutSteps(text: string): Steps<string> {
  return text
}

/** Throws a `request_timeout` if the client takes too long to send the body. */
function withBodyTimeout<T>(
  body: Promise<T>,
  { bodyTimeout, timers }: ReadTextOptions,
): Promise<T> {
  return inTime(bodyTimeout, body, () => tooSlow(bodyTimeout), timers)
}

function overBudget(): ApiError {
  return new ApiError(
    'overloaded',
    'The request bodies in progress exceed the memory limit. Retry in 1 second',
    { retryAfter: 1, reason: 'body_budget' },
  )
}

function tooSlow(timeout: number): ApiError {
  return new ApiError(
    'request_timeout',
    `The request body was not received within ${timeout / 1000} seconds`,
  )
}
