import type { ApiError, ErrorCode } from '../../errors.ts'
import type { FailureCode, ResponseFailure } from './wire.ts'

/**
 * The codes that OpenAI defines. All others become `server_error`, after which clients retry; after
 * `rate_limit_exceeded` they wait for the time in the message.
 */
const CODES = new Map<ErrorCode, FailureCode>([
  ['rate_limit_exceeded', 'rate_limit_exceeded'],
  ['context_length_exceeded', 'context_length_exceeded'],
  ['content_filter', 'invalid_prompt'],
  ['previous_response_not_found', 'invalid_prompt'],
  ['invalid_request', 'invalid_prompt'],
  ['unsupported_content', 'invalid_prompt'],
])

/** Encodes why a response failed during its stream. The message ends with the gateway's own code. */
export function encodeFailure({ code, message, opcRequestId }: ApiError): ResponseFailure {
  const request = opcRequestId === undefined ? '' : `, opc-request-id: ${opcRequestId}`
  return { code: CODES.get(code) ?? 'server_error', message: `${message} (${code}${request})` }
}

/** Encodes an error as OpenAI's `error` event, for a relayed stream. `sequence` is its number. */
export function encodeErrorEvent({ code, message, param }: ApiError, sequence: number): string {
  const event = {
    type: 'error',
    code,
    message,
    param: param ?? null,
    sequence_number: sequence,
  }
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`
}
