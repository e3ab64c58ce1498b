import { ApiError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Credential } from '../signing/credential.ts'
import type { OciClock } from './clock.ts'
import { childController } from '../async/child-controller.ts'
import { untilAborted } from '../async/until-aborted.ts'
import { decodeFailure, errorBodyOf, type FailedCall } from './error.ts'
import { rememberSent } from './redact.ts'

/** What every call to OCI needs of the client's request. */
export interface SendContext {
  /** Aborts every upstream call when the client disconnects. */
  signal: AbortSignal
  requestId: string
}

/** One call to OCI, its body already the bytes that are signed and sent. */
export interface OutgoingCall extends FailedCall {
  method: 'GET' | 'POST' | 'DELETE'
  url: URL
  body?: Uint8Array<ArrayBuffer> | undefined
  /** Sent beside the signed ones. */
  headers?: Readonly<Record<string, string>> | undefined
  /** The gateway's id of the client's request, so that both logs can be read together. */
  requestId?: string | undefined
  /** Waits before each piece of work on a large body; absent for a small one. */
  yieldToEventLoop?: (() => Promise<void>) | undefined
}

/** Signs and sends one call, once; an answer that is no success is thrown as ApiError. */
export type Send = (call: OutgoingCall, signal: AbortSignal) => Promise<Response>

export interface SenderOptions {
  credential: Credential
  clock: OciClock
  platform: Platform
  /** Milliseconds until OCI's headers must have come; 0 is no limit. */
  answerTimeout: number
}

/** Bodies fetch can hand out decoded. What is left, such as zstd, would be passed on as garbage. */
const READABLE_ENCODINGS = new Set(['', 'identity', 'gzip', 'x-gzip', 'deflate', 'br'])

/**
 * Makes the one place that sends to OCI. A refused clock is set right, a refused token renewed, and
 * the call made once more.
 */
export function createSender(options: SenderOptions): Send {
  const { credential, platform, clock } = options
  return async function send(call, signal) {
    try {
      return await sendOnce(call, signal, options)
    } catch (error) {
      const body = errorBodyOf(error)
      if (body?.status !== 401) throw error
      if (!clock.learn(body.message)) {
        if (!credential.renewable) throw error
        return await sendOnce(call, signal, options, { renew: true })
      }
      const offset = Math.round((clock.now() - platform.now()) / 1000)
      platform.log({ level: 'warn', event: 'clock_corrected', seconds: offset })
      return await sendOnce(call, signal, options)
    }
  }
}

async function sendOnce(
  call: OutgoingCall,
  signal: AbortSignal,
  { credential, clock, platform, answerTimeout }: SenderOptions,
  refused: { renew?: true } = {},
): Promise<Response> {
  const { method, url, body, yieldToEventLoop } = call
  // Hashing and sending copy the body.
  await yieldToEventLoop?.()
  const signing = credential({ method, url, body, date: clock.now(), ...refused })
  const signed = await untilAborted(signing, signal)
  const headers = { ...unsignedHeaders(call), ...signed }
  const init: RequestInit = { method, headers, redirect: 'manual', ...(body && { body }) }
  await yieldToEventLoop?.()
  const response = await withDeadline(
    signal,
    answerTimeout,
    (limited) =>
      platform.fetch(url.href, { ...init, signal: limited }).catch((error) => {
        throw networkError(error, limited)
      }),
  )
  rememberSent(response, headers)
  if (!response.ok) throw await decodeFailure(response, { ...call, advice: credential.advice })
  refuseUnreadable(response)
  return response
}

function unsignedHeaders({ requestId = '', headers }: OutgoingCall): Record<string, string> {
  // OCI takes segments of at most 32 letters and digits.
  const id = requestId.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 32)
  return {
    'accept': 'application/json, text/event-stream',
    'accept-encoding': 'identity',
    'user-agent': 'oci-genai-gateway',
    ...(id !== '' && { 'opc-request-id': id }),
    ...headers,
  }
}

/** Runs `work` with a signal that also fires after `milliseconds`, if any, but not once it is done. */
async function withDeadline<T>(
  parent: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  parent.throwIfAborted()
  const controller = childController(parent)
  const timer = milliseconds > 0
    ? setTimeout(() => controller.abort(tooLate(milliseconds)), milliseconds)
    : undefined
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}

function tooLate(milliseconds: number): ApiError {
  return new ApiError(
    'upstream_timeout',
    `Cannot get an answer from OCI: none within ${milliseconds / 1000} seconds`,
  )
}

/** The runtimes word their failures differently, and some name addresses: only the phase is told. */
function networkError(cause: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  return new ApiError(
    'upstream_unavailable',
    'Cannot reach OCI: the connection could not be made or was closed before an answer',
    { cause, reason: 'connect' },
  )
}

function refuseUnreadable(response: Response): void {
  const encoding = response.headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  if (READABLE_ENCODINGS.has(encoding)) return
  void response.body?.cancel().catch(() => {})
  throw new ApiError(
    'upstream_invalid_response',
    `Cannot read OCI's answer: it is encoded as "${
      encoding.slice(0, 40)
    }" though "identity" was asked for`,
  )
}
