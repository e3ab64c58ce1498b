import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { ApiError, type ErrorCode } from '../../src/errors.ts'
import { encodeError, encodeErrorEvent } from '../../src/openai/error.ts'
import { ErrorBody } from './chat/public-schema.ts'

/** OpenAI's coarse word for each of our codes. */
const TYPES: Record<ErrorCode, string> = {
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

describe('encodeError()', () => {
  for (const [code, type] of Object.entries(TYPES)) {
    it(`calls ${code} ${type}`, () => {
      // The table has no other keys.
      const body = encodeError(new ApiError(code as ErrorCode, 'Cannot do it'))
      assert.deepEqual(v.parse(ErrorBody, body), {
        error: { message: 'Cannot do it', type, param: null, code },
      })
    })
  }

  it('names the field at fault and the id of the call', () => {
    const details = { param: 'messages[0].content', opcRequestId: 'A/B/C' }
    assert.deepEqual(encodeError(new ApiError('invalid_request', 'Cannot do it', details)), {
      error: {
        message: 'Cannot do it (opc-request-id: A/B/C)',
        type: 'invalid_request_error',
        param: 'messages[0].content',
        code: 'invalid_request',
      },
    })
  })

  it('E20 tells neither the cause nor the reason nor the place', () => {
    const cause = new Error('secret')
    const error = new ApiError('internal_error', 'Cannot do it', { cause, reason: 'secret' })
    assert.deepEqual(encodeError(error), {
      error: { message: 'Cannot do it', type: 'api_error', param: null, code: 'internal_error' },
    })
  })
})

describe('encodeErrorEvent()', () => {
  const rows: [code: ErrorCode, message: string][] = [
    ['upstream_incomplete', 'Cannot do it (upstream error) (opc-request-id: A)'],
    ['upstream_timeout', 'Cannot do it (upstream error) (opc-request-id: A)'],
    ['upstream_auth_error', 'Cannot do it (opc-request-id: A)'],
    ['content_filter', 'Cannot do it (opc-request-id: A)'],
  ]
  for (const [code, message] of rows) {
    it(`S22 says of ${code} whether one may ask again`, () => {
      const event = encodeErrorEvent(new ApiError(code, 'Cannot do it', { opcRequestId: 'A' }))
      const [, data = ''] = /^data: (.*)\n\n$/.exec(event) ?? []
      assert.equal(JSON.parse(data).error.message, message)
      assert.equal(JSON.parse(data).error.code, code)
    })
  }
})
