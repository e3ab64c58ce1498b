import * as v from 'valibot'
import { ApiError, toApiError } from '../../errors.ts'
import type { Platform, UpstreamResponse } from '../../platform.ts'
import { readErrorBody } from '../http/error-body.ts'
import { decodeError, errorBodyOf, readRetryAfter, withoutSecrets } from '../http/error.ts'
import { opcRequestId } from '../http/response-headers.ts'
import type { RetryPolicy } from '../resilience/retry-policy.ts'
import { redactorFor } from '../http/redact.ts'
import { withRetries } from '../resilience/with-retries.ts'
import type { Credential } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'

/** One HTTP call to an auth service, a metadata service or a cluster. */
export interface AuthCall {
  /** Completes "Cannot …" in messages: `get a token for the instance`. */
  action: string
  method: 'GET' | 'POST'
  url: URL
  headers?: Record<string, string>
  body?: string
  contentType?: string
  /** Signs the call. Absent if the headers authenticate it. */
  sign?: Credential
  /** What the operator can do about a failure. */
  advise(failure: AuthFailure): AuthAdvice
  /** Replaces the platform's fetch. */
  fetch?: Platform['fetch']
  /** Milliseconds for the whole response. */
  timeout?: number
  retry?: RetryPolicy
  /** Statuses to retry, in addition to 429 and 5xx. */
  retryable?: readonly number[]
}

export interface AuthFailure {
  /** `undefined` without a response. */
  status: number | undefined
  /** OCI's error code: `NotAuthenticated`. */
  code: string | undefined
  cause: unknown
}

export interface AuthAdvice {
  /** A stable reason for the log. Defaults to OCI's error code. */
  reason?: string | undefined
  /** What the operator can do, without a full stop at the end. */
  advice: string
}

type CallDependencies = Pick<AuthDependencies, 'platform' | 'clock' | 'retry'>

/** As in Oracle's SDKs. */
const TIMEOUT = 10_000

const TokenReply = v.pipe(v.string(), v.parseJson(), v.object({ token: v.string() }))

/**
 * Makes the call and returns the text of a successful response. Retries transient failures and
 * corrects the clock offset. Any other failure is an `upstream_auth_error` with advice.
 */
export async function callAuth(call: AuthCall, dependencies: CallDependencies): Promise<string> {
  try {
    const { signal } = new AbortController()
    return await withRetries(
      () => withClockCorrection(call, dependencies),
      call.retry ?? dependencies.retry,
      signal,
    )
  } catch (thrown) {
    throw explain(toApiError(thrown), call)
  }
}

/** Reads the token from a response of the form `{"token": "…"}`. */
export function readTokenReply(text: string, action: string): string {
  const reply = v.safeParse(TokenReply, text)
  if (reply.success) return reply.output.token
  throw missingToken(action)
}

/** The error for a response without a token. `action` completes "Cannot …". */
export function missingToken(action: string): ApiError {
  return new ApiError('upstream_auth_error', `Cannot ${action}: the response has no token`, {
    reason: 'bad_token_reply',
  })
}

async function withClockCorrection(
  call: AuthCall,
  dependencies: CallDependencies,
): Promise<string> {
  try {
    return await exchange(call, dependencies)
  } catch (error) {
    const body = errorBodyOf(error)
    if (!call.sign || body?.status !== 401 || !dependencies.clock.learn(body.message)) throw error
    dependencies.platform.log({ level: 'warn', event: 'clock_corrected' })
    return await exchange(call, dependencies)
  }
}

async function exchange(call: AuthCall, dependencies: CallDependencies): Promise<string> {
  const { method, url, headers, body: text, contentType, timeout = TIMEOUT, retryable } = call
  const body = text === undefined ? undefined : new TextEncoder().encode(text)
  const date = dependencies.clock.now()
  const signed = await call.sign?.({ method, url, body, contentType, date })
  const sent = { ...headers, ...(contentType && { 'content-type': contentType }), ...signed }
  const init: RequestInit = {
    method,
    headers: sent,
    redirect: 'manual',
    ...(body && { body }),
  }
  const response = await fetchText(
    (signal) => (call.fetch ?? dependencies.platform.fetch)(url.href, { ...init, signal }),
    timeout,
  )
  if (response.ok) return response.text
  const redact = redactorFor(sent, text)
  const failure = decodeError(readErrorBody(response.status, response.text, redact), {}, {
    opcRequestId: opcRequestId(response, redact),
    retryAfter: readRetryAfter(response.headers.get('retry-after')),
  })
  throw retryable?.includes(response.status)
    ? new ApiError('upstream_unavailable', failure.message, failure)
    : failure
}

interface TextResponse {
  ok: boolean
  status: number
  headers: UpstreamResponse['headers']
  text: string
}

async function fetchText(
  send: (signal: AbortSignal) => Promise<UpstreamResponse>,
  timeout: number,
): Promise<TextResponse> {
  const signal = AbortSignal.timeout(timeout)
  try {
    const response = await send(signal)
    const { ok, status, headers } = response
    return { ok, status, headers, text: await response.text() }
  } catch (cause) {
    const isTimeout = signal.aborted
    const message = isTimeout ? `no response within ${timeout / 1000} seconds` : 'no connection'
    throw new ApiError('upstream_unavailable', message, {
      reason: isTimeout ? 'timeout' : 'connect',
      cause,
    })
  }
}

/**
 * Drops the error body of the auth service as a cause: callers would take it for the response to
 * the model call.
 */
function explain(error: ApiError, call: AuthCall): ApiError {
  const body = errorBodyOf(error)
  if (!body && error.reason !== 'timeout' && error.reason !== 'connect') return error
  const code = body?.code
  const failure = { status: body?.status, code, cause: body ? undefined : error.cause }
  const { reason = code ?? error.reason, advice } = call.advise(failure)
  const state = body
    ? `"${call.url.host}" answered ${body.status}${appended(code)}${appended(body.message)}`
    : `${error.message}${error.reason === 'timeout' ? ' from' : ' to'} "${call.url.host}"`
  return new ApiError('upstream_auth_error', `Cannot ${call.action}: ${state}. ${advice}`, {
    ...{ reason, cause: failure.cause },
    ...{ opcRequestId: error.opcRequestId, retryAfter: error.retryAfter },
  })
}

function appended(text: string | undefined): string {
  return text ? `, ${withoutSecrets(text).replace(/\.$/, '')}` : ''
}
