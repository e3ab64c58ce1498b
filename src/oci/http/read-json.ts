import type { AbortState } from '../../abort.ts'
import { ApiError } from '../../errors.ts'
import type { UpstreamResponse } from '../../platform.ts'
import { createIdleTimer } from '../../sse/idle-timer.ts'
import { isTooDeep, tooDeep } from '../json.ts'
import { inTime, type Timers } from '../../timeout.ts'
import { opcRequestId } from './response-headers.ts'
import { closeResponse } from './sent-request.ts'

/**
 * Reads a complete JSON answer of OCI. `idle` is the maximum time between two chunks, in
 * milliseconds; 0 disables it.
 */
export async function readJson(
  response: UpstreamResponse,
  idle: number,
  signal: AbortState,
  timers?: Timers,
): Promise<unknown> {
  const text = await readText(response, idle, signal, timers)
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

/** Declared size up to which an answer is read in one call. */
const MAX_WHOLE = 256 * 1024

/**
 * A short answer is read in one call to the runtime: each read of a stream costs more than all the
 * rest (measured on Deno and workerd). It arrives at once, so that the idle time limits its whole duration.
 */
function readText(
  response: UpstreamResponse,
  idle: number,
  signal: AbortState,
  timers: Timers | undefined,
): Promise<string> {
  const { headers } = response
  const length = Number(headers.get('content-length') ?? NaN)
  const isShort = length <= MAX_WHOLE && !headers.has('content-encoding')
  return isShort ? readWhole(response, idle, signal, timers) : readChunks(response, idle, signal)
}

function readWhole(
  response: UpstreamResponse,
  idle: number,
  signal: AbortState,
  timers: Timers | undefined,
): Promise<string> {
  return inTime(idle, response.text(), () => {
    const timeout = idleTimeout(idle)
    closeResponse(response, timeout)
    return timeout
  }, timers).catch((cause: unknown) => {
    if (signal.aborted) throw signal.reason
    throw cause instanceof ApiError ? cause : connectionLost(cause)
  })
}

async function readChunks(
  response: UpstreamResponse,
  idle: number,
  signal: AbortState,
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
