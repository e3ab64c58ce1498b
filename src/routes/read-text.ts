import { ApiError } from '../errors.ts'

/** How much of a request's body is taken. */
export interface BodyLimit {
  bytes: number
  /** Milliseconds for the whole of it; 0 is no limit. */
  time: number
}

/**
 * Reads a request's body as text. A length that is told is believed only when it is too much, since
 * a client may lie or not know it.
 */
export async function readText(request: Request, limit: BodyLimit): Promise<string> {
  const told = Number(request.headers.get('content-length') ?? 0)
  if (told > limit.bytes) throw tooLarge(limit)
  // A known length within the limit cannot be exceeded: every runtime reads no further. On Node
  // even to ask for `body` would cost more than all of this.
  if (told > 0) return await inTime(request.text(), limit)
  if (!request.body) return await request.text()
  const reader = request.body.getReader()
  try {
    return await inTime(readPieces(reader, limit), limit)
  } catch (error) {
    void reader.cancel(error).catch(() => {})
    throw error
  }
}

/**
 * Bytes beyond the limit that are read all the same, and dropped: who is cut off while he sends may
 * not get to read why (measured on Bun).
 */
const OVERRUN = 1024 * 1024

async function readPieces(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: BodyLimit,
): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0;;) {
    const { done, value } = await reader.read()
    if (done && bytes <= limit.bytes) return text + decoder.decode()
    bytes += value?.length ?? 0
    if (done || bytes > limit.bytes + OVERRUN) throw tooLarge(limit)
    if (bytes <= limit.bytes) text += decoder.decode(value, { stream: true })
  }
}

/** What `text` comes to, unless the client takes too long to send it. */
async function inTime(text: Promise<string>, { time }: BodyLimit): Promise<string> {
  if (time === 0) return await text
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(tooSlow(time)), time)
  try {
    return await Promise.race([text, late.promise])
  } finally {
    clearTimeout(timer)
    // When the client was too slow: what still comes of it is nobody's.
    text.catch(() => {})
  }
}

function tooLarge({ bytes }: BodyLimit): ApiError {
  return new ApiError(
    'request_too_large',
    `Cannot read the body: it is larger than ${bytes} bytes`,
  )
}

function tooSlow(time: number): ApiError {
  return new ApiError(
    'request_timeout',
    `Cannot read the body: it was not all there after ${time / 1000} seconds`,
  )
}
