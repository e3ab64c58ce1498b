import { ApiError } from '../../errors.ts'
import { createIdleTimer } from '../../sse/idle-timer.ts'
import { isTooDeep, tooDeep } from '../json.ts'
import { opcRequestId } from './response-headers.ts'

/** A whole JSON answer of OCI; `idle` milliseconds at most between its pieces. */
export async function readJson(
  response: Response,
  idle: number,
  signal: AbortSignal,
): Promise<unknown> {
  const text = await readText(response, idle, signal)
  if (isTooDeep(text)) throw tooDeep(opcRequestId(response))
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ApiError(
      'upstream_invalid_response',
      `Cannot read OCI's answer: ${text.trim() === '' ? 'it is empty' : 'it is not JSON'}`,
      { cause, opcRequestId: opcRequestId(response) },
    )
  }
}

/** No model says so much. */
const MOST_BYTES = 64 * 1024 * 1024

async function readText(response: Response, idle: number, signal: AbortSignal): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const cut = (reason: unknown) => void reader.cancel(reason).catch(() => {})
  const silence = createIdleTimer(idle, () => cut(tooLong = silent(idle)))
  const decoder = new TextDecoder()
  let tooLong: ApiError | undefined
  let text = ''
  let bytes = 0
  try {
    for (;;) {
      silence.restart()
      const { done, value } = await reader.read()
      if (tooLong) throw tooLong
      if (done) return text + decoder.decode()
      if ((bytes += value.length) > MOST_BYTES) throw tooLarge()
      text += decoder.decode(value, { stream: true })
    }
  } catch (cause) {
    cut(cause)
    if (signal.aborted) throw signal.reason
    // workerd ends a read that is cut as if the connection were lost.
    throw tooLong ?? (cause instanceof ApiError ? cause : lost(cause))
  } finally {
    silence.stop()
  }
}

function silent(idle: number): ApiError {
  return new ApiError(
    'upstream_timeout',
    `Cannot read OCI's answer: nothing came for ${idle / 1000} seconds`,
  )
}

function tooLarge(): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    `Cannot read OCI's answer: it is larger than ${MOST_BYTES} bytes`,
  )
}

function lost(cause: unknown): ApiError {
  return new ApiError(
    'upstream_incomplete',
    "Cannot read OCI's answer: the connection was lost in its midst",
    { cause },
  )
}
