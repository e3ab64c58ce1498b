import * as v from 'valibot'
import { ApiError, toApiError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import { readErrorBody } from '../http/error-body.ts'
import { decodeError, errorBodyOf, readRetryAfter, withoutSecrets } from '../http/error.ts'
import type { RetryPolicy } from '../resilience/retry-policy.ts'
import { redactorFor } from '../http/redact.ts'
import { withRetries } from '../resilience/with-retries.ts'
import type { Credential } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'

/** A call for a token, or for what is needed to get one. */
export interface AuthCall {
  /** For messages, after "Cannot": `get a token for the instance`. */
  action: string
  method: 'GET' | 'POST'
  url: URL
  headers?: Record<string, string>
  body?: string
  contentType?: string
  /** Signs it; absent where the headers say enough. */
  sign?: Credential
  /** What to do about its failure. */
  advise(failure: AuthFailure): AuthAdvice
  /** Stands in for the platform's. */
  fetch?: Platform['fetch']
  /** Milliseconds for the whole answer. */
  timeout?: number
  retry?: RetryPolicy
  /** Statuses that pass, beside 429 and those from 500. */
  passing?: readonly number[]
}

export interface AuthFailure {
  /** `undefined` when no answer came. */
  status: number | undefined
  /** OCI's word for it: `NotAuthenticated`. */
  code: string | undefined
  cause: unknown
}

export interface AuthAdvice {
  /** A stable word for the log; OCI's own when absent. */
  reason?: string | undefined
  /** What a person can do, in sentences without a full stop. */
  advice: string
}

type CallDependencies = Pick<AuthDependencies, 'platform' | 'clock' | 'retry'>

/** By Oracle's SDKs. */
const TIMEOUT = 10_000

const TokenReply = v.pipe(v.string(), v.parseJson(), v.object({ token: v.string() }))

/**
 * The text of a good answer. Whatever else comes is an `upstream_auth_error` that says what
 * happened and what to do; what passes is tried again, and a wrong clock set right.
 */
export async function callAuth(call: AuthCall, dependencies: CallDependencies): Promise<string> {
  try {
    const { signal } = new AbortController()
    return await withRetries(
      () => withRightClock(call, dependencies),
      call.retry ?? dependencies.retry,
      signal,
    )
  } catch (thrown) {
    throw explain(toApiError(thrown), call)
  }
}

/** The token in an answer of the form `{"token": "…"}`. */
export function readTokenReply(text: string, action: string): string {
  const reply = v.safeParse(TokenReply, text)
  if (reply.success) return reply.output.token
  throw new ApiError('upstream_auth_error', `Cannot ${action}: the answer has no token`, {
    reason: 'bad_token_reply',
  })
}

async function withRightClock(call: AuthCall, dependencies: CallDependencies): Promise<string> {
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
  const { method, url, headers, body: text, contentType, timeout = TIMEOUT, passing } = call
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
  const response = await answerTo(
    (signal) => (call.fetch ?? dependencies.platform.fetch)(url.href, { ...init, signal }),
    timeout,
  )
  if (response.ok) return response.text
  const redact = redactorFor(sent, text)
  const failure = decodeError(readErrorBody(response.status, response.text, redact), {}, {
    opcRequestId: redact(response.headers.get('opc-request-id') ?? '') || undefined,
    retryAfter: readRetryAfter(response.headers.get('retry-after')),
  })
  throw passing?.includes(response.status)
    ? new ApiError('upstream_unavailable', failure.message, failure)
    : failure
}

interface Answer {
  ok: boolean
  status: number
  headers: Headers
  text: string
}

async function answerTo(
  send: (signal: AbortSignal) => Promise<Response>,
  timeout: number,
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeout)
  try {
    const response = await send(signal)
    const { ok, status, headers } = response
    return { ok, status, headers, text: await response.text() }
  } catch (cause) {
    const late = signal.aborted
    const message = late ? `no answer within ${timeout / 1000} seconds` : 'no connection'
    throw new ApiError('upstream_unavailable', message, {
      reason: late ? 'timeout' : 'connect',
      cause,
    })
  }
}

/** Never with an error body as its cause: whoever asked OCI for models would take it for theirs. */
function explain(error: ApiError, call: AuthCall): ApiError {
  const body = errorBodyOf(error)
  if (!body && error.reason !== 'timeout' && error.reason !== 'connect') return error
  const code = body?.code
  const failure = { status: body?.status, code, cause: body ? undefined : error.cause }
  const { reason = code ?? error.reason, advice } = call.advise(failure)
  const state = body
    ? `"${call.url.host}" answered ${body.status}${said(code)}${said(body.message)}`
    : `${error.message}${error.reason === 'timeout' ? ' from' : ' to'} "${call.url.host}"`
  return new ApiError('upstream_auth_error', `Cannot ${call.action}: ${state}. ${advice}`, {
    ...{ reason, cause: failure.cause },
    ...{ opcRequestId: error.opcRequestId, retryAfter: error.retryAfter },
  })
}

function said(words: string | undefined): string {
  return words ? `, ${withoutSecrets(words).replace(/\.$/, '')}` : ''
}
