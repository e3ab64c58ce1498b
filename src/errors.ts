/** All error codes with their HTTP status. */
const STATUS = {
  invalid_request: 400,
  unsupported_content: 400,
  context_length_exceeded: 400,
  previous_response_not_found: 400,
  content_filter: 400,
  invalid_api_key: 401,
  permission_denied: 403,
  model_not_allowed: 403,
  model_not_priced: 403,
  not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  request_too_large: 413,
  unsupported_media_type: 415,
  upgrade_required: 426,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  /** nginx's status for a client that disconnected. It is only logged. */
  client_closed: 499,
  internal_error: 500,
  configuration_error: 500,
  upstream_auth_error: 502,
  upstream_incomplete: 502,
  upstream_invalid_response: 502,
  upstream_redirect: 502,
  upstream_unavailable: 502,
  overloaded: 503,
  store_unavailable: 503,
  upstream_timeout: 504,
} as const

export type ErrorCode = keyof typeof STATUS

export interface ApiErrorDetails {
  cause?: unknown
  /** The invalid field of the request, as the client wrote it: `messages[0].content`. */
  param?: string | undefined
  /** OCI's id of the failed call. */
  opcRequestId?: string | undefined
  /** Seconds the client should wait before it tries again. */
  retryAfter?: number | undefined
  /** A stable identifier for the log and for tests, finer than the code: `bad_passphrase`. */
  reason?: string | undefined
  /** Whether the gateway has used up its retries, so that the client should not retry. */
  exhausted?: boolean | undefined
  /** Number of calls to OCI, and the region of the last one. */
  attempts?: number | undefined
  region?: string | undefined
}

/** An error with a stable code. Each client API encodes it in its own format. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode
  readonly param: string | undefined
  readonly opcRequestId: string | undefined
  readonly retryAfter: number | undefined
  readonly reason: string | undefined
  readonly exhausted: boolean
  readonly attempts: number | undefined
  readonly region: string | undefined

  constructor(code: ErrorCode, message: string, details: ApiErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.param = details.param
    this.opcRequestId = details.opcRequestId
    this.retryAfter = details.retryAfter
    this.reason = details.reason
    this.exhausted = details.exhausted ?? false
    this.attempts = details.attempts
    this.region = details.region
  }

  /** Returns a copy of the error with more details. */
  with(details: ApiErrorDetails): ApiError {
    return new ApiError(this.code, this.message, { ...this, cause: this.cause, ...details })
  }

  get status(): (typeof STATUS)[ErrorCode] {
    return STATUS[this.code]
  }
}

/**
 * Converts any thrown value to an ApiError. Unknown errors become `internal_error` and their text
 * stays in the log.
 */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  return new ApiError('internal_error', 'Internal gateway error. The gateway log has the cause', {
    cause: thrown,
  })
}

/** Characters of a path. A secret or the content of a file usually has others. */
const PATH = /^[\p{L}\p{M}\p{N}_./~ @:\\+-]{1,200}$/u

/** Quotes a path for an operator's error message. Hides a text that does not look like a path. */
export function quotePath(path: string): string {
  return PATH.test(path) ? `"${path}"` : '(not shown: it does not look like a path)'
}

/** The error of a request whose client disconnected. It is only logged. */
export function clientClosed(cause: unknown): ApiError {
  return new ApiError('client_closed', 'The client disconnected', { cause })
}
