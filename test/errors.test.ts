import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, toApiError } from '../src/errors.ts'
import { ERROR_CODES, type Meaning, MEANINGS } from './error-codes.ts'

/** The statuses that RFC 9110 (and nginx, for 499) and OpenAI's guide to error codes allow for each. */
const STATUSES: Record<Meaning, readonly number[]> = {
  'change-request': [400, 405, 413, 415],
  'change-key': [401],
  'ask-for-permission': [403],
  'name-another': [404],
  'wait': [408, 429, 503],
  'client-left': [499],
  'report': [500],
  'blame-upstream': [502, 504],
}

describe('ApiError', () => {
  for (const code of ERROR_CODES) {
    it(`answers ${code} with a status that tells its client what to do`, () => {
      const { status } = new ApiError(code, 'x')
      assert.ok(STATUSES[MEANINGS[code]].includes(status), `${status}`)
    })
  }

  // Statuses that have one meaning only, by RFC 9110.
  for (
    const [code, status] of [
      ['method_not_allowed', 405],
      ['request_timeout', 408],
      ['request_too_large', 413],
      ['unsupported_media_type', 415],
      ['overloaded', 503],
      ['upstream_timeout', 504],
    ] as const
  ) {
    it(`answers ${code} with ${status}`, () => {
      assert.equal(new ApiError(code, 'x').status, status)
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
