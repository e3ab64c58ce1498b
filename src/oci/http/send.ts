import type { AbortState } from '../../abort.ts'
import { ApiError } from '../../errors.ts'
import type { Platform, UpstreamResponse } from '../../platform.ts'
import { inTime, type Timers } from '../../timeout.ts'
import type { Credential, SignableRequest } from '../signing/credential.ts'
import type { OciClock } from './clock.ts'
import { childController } from '../async/child-controller.ts'
import { untilAborted } from '../async/until-aborted.ts'
import { decodeFailure, errorBodyOf, type FailedCall } from './error.ts'
import { createNoticeLog } from './lifecycle-notice.ts'
import { encodingOf, isReadable } from './response-headers.ts'
import { recordRequest } from './sent-request.ts'

/** The part of a request's context that every call to OCI needs. */
export interface SendContext {
  /** Aborts every upstream call when the client disconnects. */
  signal: AbortState
  requestId: string
  /** The timers of the request. Default: the runtime's. */
  timers?: Timers | undefined
}

/** A body that is not in memory. */
export interface Upload {
  /** Bytes; `undefined` for a stream of unknown length. */
  length: number | undefined
  /** In base64. Absent for a body that cannot be signed. */
  sha256?: string | undefined
  /** Opens the bytes: any number of times if they have a hash, else once. */
  open(): ReadableStream<Uint8Array<ArrayBuffer>>
}

/** One call to OCI. */
export interface OutgoingCall extends FailedCall {
  method: 'GET' | 'POST' | 'DELETE'
  url: URL
  /** The bytes that are signed and sent. */
  body?: Uint8Array<ArrayBuffer> | undefined
  /** A body that is streamed instead. */
  upload?: Upload | undefined
  /** The type of the body. Default: JSON. */
  contentType?: string | undefined
  /** Sent in addition to the signed headers. */
  headers?: Readonly<Record<string, string>> | undefined
  /** The gateway's id of the client's request, which relates the log to OCI's. */
  requestId?: string | undefined
  /** The timers of the request. Default: the runtime's. */
  timers?: Timers | undefined
  /** Waits before each piece of work on a large body; absent for a small one. */
  yieldToEventLoop?: (() => Promise<void>) | undefined
}

/** Signs and sends calls. */
export interface Send {
  /** Sends one call. Throws an ApiError for any status that is not a success. */
  (call: OutgoingCall, signal: AbortState): Promise<UpstreamResponse>
  /**
   * Begins to sign a call that is sent soon with the same body and address, while the request waits
   * for something else. Resolves when another thread signs. Absent where calls are not signed.
   */
  prepare?: ((call: OutgoingCall) => Promise<void>) | undefined
}

export interface SenderOptions {
  credential: Credential
  clock: OciClock
  platform: Platform
  /** Milliseconds until OCI's response headers; 0 disables the timeout. */
  responseTimeout: number
}

interface SenderParts extends SenderOptions {
  /** Logs the notice of a model that will be retired. */
  logNotice: ReturnType<typeof createNoticeLog>
}

/**
 * Creates the function that all calls to OCI go through. After a 401 it corrects the clock or renews
 * the token, and sends the call once more.
 */
export function createSender(options: SenderOptions): Send {
  const { credential, platform, clock } = options
  const parts = { ...options, logNotice: createNoticeLog(platform.log) }
  const prepared: PreparedSignatures = new WeakMap()
  function send(call: OutgoingCall, signal: AbortState): Promise<UpstreamResponse> {
    const signing = takePrepared(call, prepared, clock)
    return sendOnce(call, signal, parts, { signing }).catch((error: unknown) => {
      const body = errorBodyOf(error)
      if (body?.status !== 401) throw error
      if (!clock.learn(body.message)) {
        if (!credential.renewable) throw error
        return sendOnce(call, signal, parts, { renew: true })
      }
      const offset = Math.round((clock.now() - platform.now()) / 1000)
      platform.log({ level: 'warn', event: 'clock_corrected', seconds: offset })
      return sendOnce(call, signal, parts)
    })
  }
  async function prepare(call: OutgoingCall): Promise<void> {
    const { body, url, yieldToEventLoop } = call
    // A large body is hashed when it is the request's turn.
    if (body === undefined || yieldToEventLoop) return
    const date = clock.now()
    await new Promise<void>((resolve) => {
      const signing = sign(call, date, options, { onBegin: resolve })
      prepared.set(body, { href: url.href, date, signing })
      // A failure is reported when the call is sent.
      signing.then(() => resolve(), () => resolve())
    })
  }
  return Object.assign(send, { prepare })
}

/** Signatures of calls that are not sent yet, by their bodies. */
type PreparedSignatures = WeakMap<Uint8Array, {
  href: string
  /** Milliseconds since the epoch on OCI's clock. */
  date: number
  signing: Promise<Readonly<Record<string, string>>>
}>

/** Milliseconds for which a prepared signature is used. OCI accepts one for five minutes. */
const MAX_PREPARED_AGE = 10_000

/** The prepared signature of a call, which is used once. */
function takePrepared(
  { body, url }: OutgoingCall,
  prepared: PreparedSignatures,
  clock: OciClock,
): Promise<Readonly<Record<string, string>>> | undefined {
  const found = body && prepared.get(body)
  if (!found || found.href !== url.href) return undefined
  prepared.delete(body)
  return Math.abs(clock.now() - found.date) < MAX_PREPARED_AGE ? found.signing : undefined
}

function sign(
  { method, url, body, contentType, upload }: OutgoingCall,
  date: number,
  { credential, platform: { sha256, encodeText } }: SenderOptions,
  more: Pick<SignableRequest, 'renew' | 'onBegin'> = {},
): ReturnType<Credential> {
  const { length, sha256: hash } = upload ?? {}
  return credential({
    method,
    url,
    body,
    date,
    contentType,
    sha256,
    encodeText,
    content: length !== undefined && hash !== undefined ? { length, sha256: hash } : undefined,
    ...more,
  })
}

async function sendOnce(
  call: OutgoingCall,
  signal: AbortState,
  parts: SenderParts,
  { signing, ...renewal }: {
    renew?: true
    signing?: Promise<Readonly<Record<string, string>>> | undefined
  } = {},
): Promise<UpstreamResponse> {
  const { credential, clock, platform, responseTimeout, logNotice } = parts
  const { method, url, body, upload, timers, yieldToEventLoop } = call
  // Signing hashes the body, and sending copies it.
  if (yieldToEventLoop) await yieldToEventLoop()
  const signature = signing ?? sign(call, clock.now(), parts, renewal)
  // Only a credential that gets a new token makes a request wait.
  const signed = await (credential.renewable ? untilAborted(signature, signal) : signature)
  const headers = { ...unsignedHeaders(call), ...signed }
  const init: RequestInit = { method, headers, redirect: 'manual', ...(body && { body }) }
  // Node's own `fetch` requires `duplex` for a stream.
  if (upload) Object.assign(init, { body: upload.open(), duplex: 'half' })
  if (yieldToEventLoop) await yieldToEventLoop()
  signal.throwIfAborted()
  const controller = childController(signal)
  init.signal = controller.signal
  const fetching = platform.fetch(url.href, init)
  const response = await inTime(responseTimeout, fetching, () => {
    const error = noResponse(responseTimeout)
    controller.abort(error)
    return error
  }, timers).catch((error: unknown) => {
    throw networkError(error, controller.signal)
  })
  recordRequest(response, { controller, headers })
  if (!response.ok) throw await decodeFailure(response, { ...call, advice: credential.advice })
  checkEncoding(response)
  logNotice(call.model, response)
  return response
}

function unsignedHeaders(
  { requestId = '', headers, contentType, upload }: OutgoingCall,
): Record<string, string> {
  // OCI accepts segments of at most 32 letters and digits.
  const id = requestId.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 32)
  return {
    'accept': 'application/json, text/event-stream',
    'accept-encoding': 'identity',
    'user-agent': 'oci-genai-gateway',
    ...(id !== '' && { 'opc-request-id': id }),
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(upload?.length !== undefined && { 'content-length': String(upload.length) }),
    ...headers,
  }
}

function noResponse(timeout: number): ApiError {
  return new ApiError('upstream_timeout', `OCI did not answer within ${timeout / 1000} seconds`)
}

/** Hides the runtime's own text, which differs between runtimes and may contain addresses. */
function networkError(cause: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  return new ApiError(
    'upstream_unavailable',
    'Cannot reach OCI: the connection could not be made or was closed before an answer',
    { cause, reason: 'connect' },
  )
}

function checkEncoding(response: UpstreamResponse): void {
  if (isReadable(response)) return
  const encoding = encodingOf(response).slice(0, 40)
  void response.body?.cancel().catch(() => {})
  throw new ApiError(
    'upstream_invalid_response',
    `Cannot read OCI's answer: its content encoding "${encoding}" is not supported`,
  )
}
