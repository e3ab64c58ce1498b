import type { BodyReservation } from '../access/body-budget.ts'
import { ApiError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { withTimeout } from '../timeout.ts'
import { BodyBytes } from './body-bytes.ts'

export interface ReadTextOptions extends Pick<Limits, 'maxBodyBytes' | 'bodyTimeout'> {
  /** Counts the bytes that are received. */
  reservation: BodyReservation
}

/**
 * A body of a known length up to this is reserved before it arrives and read in one call, which is
 * fastest. Of a larger one only what has arrived is reserved, or a client could use up the budget
 * with bodies that it announces and never sends.
 */
const RESERVED_AHEAD = 64 * 1024

/** A body that was received. */
export interface ReceivedBody {
  bytes: number
  /** Decodes it; to be called once. */
  takeText(): string
}

/**
 * Receives a request's body. A declared length is believed only when it is too large, since a
 * client may declare a wrong one or none.
 */
export async function receiveBody(
  request: Request,
  options: ReadTextOptions,
): Promise<ReceivedBody> {
  const { maxBodyBytes, reservation } = options
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBodyBytes) throw tooLarge(maxBodyBytes)
  // A declared length within the limit cannot be exceeded: every runtime reads no further. On Node
  // even accessing `body` would cost more than all of this.
  if (declared > 0 && declared <= RESERVED_AHEAD) {
    if (!reservation.add(declared)) throw overBudget()
    return received(await withBodyTimeout(request.text(), options), declared)
  }
  if (!request.body) return received(await request.text(), 0)
  const reader = request.body.getReader()
  try {
    return await withBodyTimeout(readPieces(reader, options), options)
  } catch (error) {
    void reader.cancel(error).catch(() => {})
    throw error
  }
}

/**
 * Bytes beyond the limit that are read and dropped: a client whose connection is closed while it
 * still sends may not get to read the error (measured on Bun).
 */
const OVERRUN = 1024 * 1024

async function readPieces(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { maxBodyBytes, reservation }: ReadTextOptions,
): Promise<ReceivedBody> {
  const body = new BodyBytes()
  for (let bytes = 0;;) {
    const { done, value } = await reader.read()
    if (done && bytes <= maxBodyBytes) return { bytes, takeText: () => body.takeText() }
    bytes += value?.length ?? 0
    if (done || bytes > maxBodyBytes + OVERRUN) throw tooLarge(maxBodyBytes)
    if (bytes > maxBodyBytes) continue
    if (!reservation.add(value.length)) throw overBudget()
    body.append(value)
  }
}

function received(text: string, bytes: number): ReceivedBody {
  return { bytes, takeText: () => text }
}

/** Resolves with the body, unless the client takes too long to send it. */
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
    'Too many bytes of request bodies are being processed. Retry in 1 second',
    { retryAfter: 1, reason: 'body_budget' },
  )
}

function tooSlow(timeout: number): ApiError {
  return new ApiError(
    'request_timeout',
    `The request body was not received within ${timeout / 1000} seconds`,
  )
}
