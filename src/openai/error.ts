import { ApiError, type ErrorCode } from '../errors.ts'

/** OpenAI's coarse word for each of our codes. */
const TYPES: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'invalid_request_error',
  unsupported_content: 'invalid_request_error',
  context_length_exceeded: 'invalid_request_error',
  content_filter: 'invalid_request_error',
  invalid_api_key: 'authentication_error',
  permission_denied: 'permission_error',
  not_found: 'not_found_error',
  model_not_found: 'not_found_error',
  method_not_allowed: 'invalid_request_error',
  request_timeout: 'timeout_error',
  request_too_large: 'invalid_request_error',
  unsupported_media_type: 'invalid_request_error',
  rate_limit_exceeded: 'rate_limit_error',
  client_closed: 'api_error',
  internal_error: 'api_error',
  configuration_error: 'api_error',
  upstream_auth_error: 'api_error',
  upstream_incomplete: 'api_error',
  upstream_invalid_response: 'api_error',
  upstream_redirect: 'api_error',
  upstream_unavailable: 'api_error',
  overloaded: 'api_error',
  upstream_timeout: 'timeout_error',
}

/** OpenAI's error body, for an answer or for an event in a stream. */
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

/** What may pass when one asks again. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'upstream_incomplete',
  'upstream_invalid_response',
  'upstream_timeout',
  'upstream_unavailable',
])

/**
 * The same as an event amid a stream of chunks. No status tells there that it was not the client's
 * fault: OpenClaw knows by these two words that it may ask again.
 */
export function encodeErrorEvent(error: ApiError): string {
  const words = PASSING.has(error.code) ? ' (upstream error)' : ''
  const told = new ApiError(error.code, `${error.message}${words}`, error)
  return `data: ${JSON.stringify(encodeError(told))}\n\n`
}
