import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, type ErrorCode, toApiError } from '../src/errors.ts'

const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  unsupported_content: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  invalid_api_key: 401,
  permission_denied: 403,
  not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  request_too_large: 413,
  unsupported_media_type: 415,
  rate_limit_exceeded: 429,
  client_closed: 499,
  internal_error: 500,
  configuration_error: 500,
  upstream_auth_error: 502,
  upstream_incomplete: 502,
  upstream_invalid_response: 502,
  upstream_redirect: 502,
  upstream_unavailable: 502,
  overloaded: 503,
  upstream_timeout: 504,
}

describe('ApiError', () => {
  for (const [code, status] of Object.entries(STATUS)) {
    it(`answers ${code} with ${status}`, () => {
      // The table has no other keys.
      assert.equal(new ApiError(code as ErrorCode, 'x').status, status)
    })
  }

  it('keeps what is told of it', () => {
    const details = {
      cause: 'c',
      param: 'p',
      opcRequestId: 'o',
      retryAfter: 1,
      reason: 'r',
    }
    const { name, message, code, cause, param, opcRequestId, retryAfter, reason } = new ApiError(
      'overloaded',
      'm',
      details,
    )
    assert.deepEqual({ name, message, code, cause, param, opcRequestId, retryAfter, reason }, {
      name: 'ApiError',
      message: 'm',
      code: 'overloaded',
      ...details,
    })
  })

  it('takes the details of another one', () => {
    const first = new ApiError('model_not_found', 'm', { param: 'model', opcRequestId: 'o' })
    const { param, opcRequestId } = new ApiError('model_not_found', 'n', first)
    assert.deepEqual({ param, opcRequestId }, { param: 'model', opcRequestId: 'o' })
  })
})

describe('toApiError()', () => {
  it('gives an ApiError as it is', () => {
    const error = new ApiError('not_found', 'x')
    assert.equal(toApiError(error), error)
  })

  for (const thrown of [new Error('secret'), 'secret', undefined, null, { message: 'secret' }]) {
    it(`E20 says nothing of ${JSON.stringify(thrown) ?? thrown}, but keeps it`, () => {
      const { code, message, cause } = toApiError(thrown)
      assert.deepEqual({ code, message }, {
        code: 'internal_error',
        message: 'Cannot complete the request: internal error',
      })
      assert.equal(cause, thrown)
    })
  }
})
