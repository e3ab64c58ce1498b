import { ApiError } from '../errors.ts'

/** A whole JSON answer of OCI; `idle` milliseconds at most between its pieces. */
export async function readJson(
  response: Response,
  idle: number,
  signal: AbortSignal,
): Promise<unknown> {
  const text = await readText(response, idle, signal)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ApiError(
      'upstream_invalid_response',
      `Cannot read OCI's answer: ${text.trim() === '' ? 'it is empty' : 'it is not JSON'}`,
      { cause, opcRequestId: response.headers.get('opc-request-id') ?? undefined },
    )
  }
}

async function readText(response: Response, idle: number, signal: AbortSignal): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await readWithin(reader, idle, signal)
    if (done) return text + decoder.decode()
    text += decoder.decode(value, { stream: true })
  }
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  idle: number,
  signal: AbortSignal,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  const cut = Promise.withResolvers<never>()
  const timer = idle > 0 ? setTimeout(() => cut.reject(silent(idle)), idle) : undefined
  try {
    return await Promise.race([reader.read(), cut.promise])
  } catch (cause) {
    void reader.cancel(cause).catch(() => {})
    throw signal.aborted ? signal.reason : cause instanceof ApiError ? cause : lost(cause)
  } finally {
    clearTimeout(timer)
  }
}

function silent(idle: number): ApiError {
  return new ApiError(
    'upstream_timeout',
    `Cannot read OCI's answer: nothing came for ${idle / 1000} seconds`,
  )
}

function lost(cause: unknown): ApiError {
  return new ApiError(
    'upstream_incomplete',
    "Cannot read OCI's answer: the connection was lost in its midst",
    { cause },
  )
}
