import type { BodyReservation } from '../access/body-budget.ts'
import { ApiError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { withTimeout } from '../timeout.ts'
import { BodyBytes } from './body-bytes.ts'

export interface ReadTextOptions extends Pick<Limits, 'maxBodyBytes' | 'bodyTimeout'> {
  /** Reserves the bytes that are received. */
  reservation: BodyReservation
}

/**
 * Bytes of a declared length that are reserved in advance, so that the body is read in one call,
 * which is fastest. A larger body is reserved as it arrives: otherwise a client could use up the
 * budget with bodies that it declares and never sends.
 */
const MAX_RESERVED_IN_ADVANCE = 64 * 1024

/** A body that was received. */
export interface ReceivedBody {
  bytes: number
  /** Decodes the body. Call it once. */
  takeText(): string
}

/**
 * Receives a request's body. Throws a `request_too_large`, an `overloaded` when the budget is used
 * up, or a `request_timeout`.
 */
export async function receiveBody(
  request: Request,
  options: ReadTextOptions,
): Promise<ReceivedBody> {
  const { maxBodyBytes, reservation } = options
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBodyBytes) throw tooLarge(maxBodyBytes)
  // No runtime reads more than the declared length. On Node, even accessing `body` would cost more
  // than reading the text.
  if (declared > 0 && declared <= MAX_RESERVED_IN_ADVANCE) {
    if (!reservation.add(declared)) throw overBudget()
    return received(await withBodyTimeout(request.text(), options), declared)
  }
  if (!request.body) return received(await request.text(), 0)
  const reader = request.body.getReader()
  try {
    return await withBodyTimeout(readChunks(reader, options), options)
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
  reader: ReadableStreamDefaultReader<Uint8Array>,
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

function received(text: string, bytes: number): ReceivedBody {
  return { bytes, takeText: () => text }
}

/** Throws a `request_timeout` if the client takes too long to send the body. */
async function withBodyTimeout<T>(body: Promise<T>, { bodyTimeout }: ReadTextOptions): Promise<T> {
  if (bodyTimeout === 0) return await body
  const result = await withTimeout(bodyTimeout, body)
  if (result === undefined) throw tooSlow(bodyTimeout)
  return result
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError(
    'request_too_large',
    `The request body is larger than ${maxBytes} bytes (limits.maxBodyMiB)`,
  )
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
