import { ApiError } from '../../errors.ts'
import type { UpstreamResponse } from '../../platform.ts'
import { createIdleTimer } from '../../sse/idle-timer.ts'
import { isTooDeep, tooDeep } from '../json.ts'
import { opcRequestId } from './response-headers.ts'

/**
 * Reads a complete JSON answer of OCI. `idle` is the maximum time between two chunks, in
 * milliseconds; 0 disables it.
 */
export async function readJson(
  response: UpstreamResponse,
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

/** More than any model writes. */
const MAX_BYTES = 64 * 1024 * 1024

async function readText(
  response: UpstreamResponse,
  idle: number,
  signal: AbortSignal,
): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const cancel = (reason: unknown) => void reader.cancel(reason).catch(() => {})
  const idleTimer = createIdleTimer(idle, () => cancel(timeout = idleTimeout(idle)))
  const decoder = new TextDecoder()
  let timeout: ApiError | undefined
  let text = ''
  let bytes = 0
  try {
    for (;;) {
      idleTimer.restart()
      const { done, value } = await reader.read()
      if (timeout) throw timeout
      if (done) return text + decoder.decode()
      if ((bytes += value.length) > MAX_BYTES) throw tooLarge()
      text += decoder.decode(value, { stream: true })
    }
  } catch (cause) {
    cancel(cause)
    if (signal.aborted) throw signal.reason
    // On workerd a cancelled read fails like a lost connection.
    throw timeout ?? (cause instanceof ApiError ? cause : connectionLost(cause))
  } finally {
    idleTimer.stop()
  }
}

function idleTimeout(idle: number): ApiError {
  return new ApiError(
    'upstream_timeout',
    `Cannot read OCI's answer: no data for ${idle / 1000} seconds`,
  )
}

function tooLarge(): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    `Cannot read OCI's answer: it is larger than ${MAX_BYTES} bytes`,
  )
}

function connectionLost(cause: unknown): ApiError {
  return new ApiError(
    'upstream_incomplete',
    "Cannot read OCI's answer: the connection was lost",
    { cause },
  )
}
