import { ApiError, type ErrorCode } from '../errors.ts'

/** OpenAI's error type of each error code. */
const TYPES: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'invalid_request_error',
  unsupported_content: 'invalid_request_error',
  context_length_exceeded: 'invalid_request_error',
  previous_response_not_found: 'invalid_request_error',
  content_filter: 'invalid_request_error',
  invalid_api_key: 'authentication_error',
  permission_denied: 'permission_error',
  model_not_allowed: 'permission_error',
  model_not_priced: 'permission_error',
  not_found: 'not_found_error',
  model_not_found: 'not_found_error',
  method_not_allowed: 'invalid_request_error',
  request_timeout: 'timeout_error',
  request_too_large: 'invalid_request_error',
  unsupported_media_type: 'invalid_request_error',
  upgrade_required: 'invalid_request_error',
  rate_limit_exceeded: 'rate_limit_error',
  insufficient_quota: 'insufficient_quota',
  client_closed: 'api_error',
  internal_error: 'api_error',
  configuration_error: 'api_error',
  upstream_auth_error: 'api_error',
  upstream_incomplete: 'api_error',
  upstream_invalid_response: 'api_error',
  upstream_redirect: 'api_error',
  upstream_unavailable: 'api_error',
  overloaded: 'api_error',
  store_unavailable: 'api_error',
  upstream_timeout: 'timeout_error',
}

/** Encodes OpenAI's error body. */
export function encodeError(error: ApiError): object {
  const requestId = error.opcRequestId
  return {
    error: {
      message: requestId ? `${error.message} (opc-request-id: ${requestId})` : error.message,
      type: TYPES[error.code],
      param: error.param ?? null,
      code: error.code,
    },
  }
}

/** Errors that a retry may resolve. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'upstream_incomplete',
  'upstream_invalid_response',
  'upstream_timeout',
  'upstream_unavailable',
])

/**
 * Encodes an error as an event of a stream of chunks. A stream has no status that shows whose fault
 * it is: OpenClaw retries when the message has the words "upstream error".
 */
export function encodeErrorEvent(error: ApiError): string {
  const suffix = RETRYABLE.has(error.code) ? ' (upstream error)' : ''
  const marked = new ApiError(error.code, `${error.message}${suffix}`, error)
  return `data: ${JSON.stringify(encodeError(marked))}\n\n`
}
