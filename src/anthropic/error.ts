import type { ApiError, ErrorCode } from '../errors.ts'

/** Anthropic's error types. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'api_error'
  | 'overloaded_error'

/** Anthropic's error body, of a response and of an `error` event. */
export interface ErrorBody {
  type: 'error'
  error: { type: ErrorType; message: string; details?: object }
  /** The gateway's request id; OCI's is in the message. */
  request_id: string | null
}

const TYPES: Readonly<Record<ErrorCode, ErrorType>> = {
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
  request_too_large: 'request_too_large',
  unsupported_media_type: 'invalid_request_error',
  upgrade_required: 'invalid_request_error',
  rate_limit_exceeded: 'rate_limit_error',
  insufficient_quota: 'rate_limit_error',
  client_closed: 'api_error',
  internal_error: 'api_error',
  configuration_error: 'api_error',
  upstream_auth_error: 'api_error',
  upstream_incomplete: 'api_error',
  upstream_invalid_response: 'api_error',
  upstream_redirect: 'api_error',
  upstream_unavailable: 'api_error',
  overloaded: 'overloaded_error',
  store_unavailable: 'api_error',
  upstream_timeout: 'timeout_error',
}

/**
 * The reason of an error for a request with a `thread`. Anthropic's SDK recognizes it and sends the
 * whole conversation from then on.
 */
export const NO_THREADS = 'thread_unsupported_request'

/** Anthropic's status of an overloaded service. Its SDK throws an `OverloadedError` for it. */
const OVERLOADED = 529

/** The HTTP status of an error in Anthropic's API. */
export function statusOf(error: ApiError): number {
  return error.code === 'overloaded' ? OVERLOADED : error.status
}

/** Encodes an error as Anthropic's error body. */
export function encodeError(error: ApiError, requestId: string | undefined): ErrorBody {
  return {
    type: 'error',
    error: {
      type: TYPES[error.code],
      message: messageOf(error),
      ...(error.reason === NO_THREADS && {
        details: { error_code: NO_THREADS, unsupported: ['thread'] },
      }),
    },
    request_id: requestId ?? null,
  }
}

/** Encodes an error as an event of a stream. */
export function encodeErrorEvent(error: ApiError, requestId: string | undefined): string {
  return `event: error\ndata: ${JSON.stringify(encodeError(error, requestId))}\n\n`
}

/** Anthropic has no members for the field at fault and for OCI's request id: the message has both. */
function messageOf({ code, message, param, opcRequestId }: ApiError): string {
  const field = param === undefined || message.includes(param) ? '' : `${param}: `
  // Clients recognize this text and shorten the conversation.
  const overlong = code === 'context_length_exceeded' ? 'prompt is too long: ' : ''
  const id = opcRequestId === undefined ? '' : ` (opc-request-id: ${opcRequestId})`
  return `${overlong}${field}${message}${id}`
}
