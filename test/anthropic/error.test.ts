import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { encodeError, encodeErrorEvent, statusOf } from '../../src/anthropic/error.ts'
import { ApiError, type ApiErrorDetails, type ErrorCode } from '../../src/errors.ts'
import { ErrorBody } from './messages/public-schema.ts'

const types: [code: ErrorCode, status: number, type: string][] = [
  ['invalid_request', 400, 'invalid_request_error'],
  ['unsupported_content', 400, 'invalid_request_error'],
  ['context_length_exceeded', 400, 'invalid_request_error'],
  ['content_filter', 400, 'invalid_request_error'],
  ['invalid_api_key', 401, 'authentication_error'],
  ['permission_denied', 403, 'permission_error'],
  ['not_found', 404, 'not_found_error'],
  ['model_not_found', 404, 'not_found_error'],
  ['method_not_allowed', 405, 'invalid_request_error'],
  ['request_too_large', 413, 'request_too_large'],
  ['unsupported_media_type', 415, 'invalid_request_error'],
  ['upgrade_required', 426, 'invalid_request_error'],
  ['rate_limit_exceeded', 429, 'rate_limit_error'],
  ['client_closed', 499, 'api_error'],
  ['internal_error', 500, 'api_error'],
  ['configuration_error', 500, 'api_error'],
  ['upstream_auth_error', 502, 'api_error'],
  ['upstream_incomplete', 502, 'api_error'],
  ['upstream_invalid_response', 502, 'api_error'],
  ['upstream_redirect', 502, 'api_error'],
  ['upstream_unavailable', 502, 'api_error'],
  ['overloaded', 529, 'overloaded_error'],
  ['upstream_timeout', 504, 'timeout_error'],
]

const messages: [name: string, code: ErrorCode, details: ApiErrorDetails, message: string][] = [
  ['has the message of the error', 'invalid_request', {}, 'Cannot read "a[0]"'],
  [
    'adds the field when the message does not have it',
    'unsupported_content',
    { param: 'b[1]' },
    'b[1]: Cannot read "a[0]"',
  ],
  [
    'does not repeat a field in the message',
    'invalid_request',
    { param: 'a[0]' },
    'Cannot read "a[0]"',
  ],
  [
    "R14 adds OCI's request id",
    'overloaded',
    { opcRequestId: 'A/B' },
    'Cannot read "a[0]" (opc-request-id: A/B)',
  ],
  [
    'E07 begins with the text by which clients recognize a long prompt',
    'context_length_exceeded',
    {},
    'prompt is too long: Cannot read "a[0]"',
  ],
]

describe('encodeError()', () => {
  for (const [code, status, type] of types) {
    it(`calls ${code} ${type}, ${status}`, () => {
      const error = new ApiError(code, 'Cannot go on')
      assert.equal(v.parse(ErrorBody, encodeError(error, 'r')).error.type, type)
      assert.equal(statusOf(error), status)
    })
  }

  for (const [name, code, details, message] of messages) {
    it(name, () => {
      const error = new ApiError(code, 'Cannot read "a[0]"', details)
      assert.equal(encodeError(error, 'r').error.message, message)
    })
  }

  it("has the details by which Anthropic's SDK recognizes missing threads", () => {
    const reason = 'thread_unsupported_request'
    const error = new ApiError('unsupported_content', 'Cannot go on', { reason })
    const details = { error_code: reason, unsupported: ['thread'] }
    assert.deepEqual(encodeError(error, 'r').error.details, details)
    assert.equal('details' in encodeError(error.with({ reason: undefined }), 'r').error, false)
  })

  it('has the request id, if there is one', () => {
    const error = new ApiError('not_found', 'Cannot find it')
    assert.equal(encodeError(error, 'r').request_id, 'r')
    assert.equal(encodeError(error, undefined).request_id, null)
  })
})

describe('encodeErrorEvent()', () => {
  it('encodes the same body as an event', () => {
    const error = new ApiError('overloaded', 'Cannot answer now')
    const [, data = ''] =
      /^event: error\ndata: ([^\r\n]*)\n\n$/.exec(encodeErrorEvent(error, 'r')) ?? []
    assert.deepEqual(JSON.parse(data), encodeError(error, 'r'))
  })
})
