import type { ApiError, ErrorCode } from '../../errors.ts'
import type { FailureCode, ResponseFailure } from './wire.ts'

/**
 * OpenAI's word where it has one; all else is the service's fault, as it is after the first byte.
 * Clients try again after a `server_error` and heed the time in a `rate_limit_exceeded`.
 */
const CODES = new Map<ErrorCode, FailureCode>([
  ['rate_limit_exceeded', 'rate_limit_exceeded'],
  ['context_length_exceeded', 'context_length_exceeded'],
  ['content_filter', 'invalid_prompt'],
  ['invalid_request', 'invalid_prompt'],
  ['unsupported_content', 'invalid_prompt'],
])

/** Why a response failed amid its stream; our own code is told in the message. */
export function encodeFailure({ code, message, opcRequestId }: ApiError): ResponseFailure {
  const request = opcRequestId === undefined ? '' : `, opc-request-id: ${opcRequestId}`
  return { code: CODES.get(code) ?? 'server_error', message: `${message} (${code}${request})` }
}
