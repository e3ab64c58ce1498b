import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, toApiError } from '../src/errors.ts'
import { ERROR_CODES, type Meaning, MEANINGS } from './error-codes.ts'

/** The statuses that RFC 9110 (and nginx, for 499) and OpenAI's guide to error codes allow for each. */
const STATUSES: Record<Meaning, readonly number[]> = {
  'change-request': [400, 405, 413, 415, 426],
  'change-key': [401],
  'ask-for-permission': [403],
  'raise-budget': [429],
  'name-another': [404],
  'wait': [408, 429, 503],
  'client-left': [499],
  'report': [500],
  'blame-upstream': [502, 504],
}

describe('ApiError', () => {
  for (const code of ERROR_CODES) {
    it(`maps ${code} to a status whose meaning fits the code`, () => {
      const { status } = new ApiError(code, 'x')
      assert.ok(STATUSES[MEANINGS[code]].includes(status), `${status}`)
    })
  }

  // Statuses with only one meaning in RFC 9110.
  for (
    const [code, status] of [
      ['method_not_allowed', 405],
      ['request_timeout', 408],
      ['request_too_large', 413],
      ['unsupported_media_type', 415],
      ['upgrade_required', 426],
      ['overloaded', 503],
      ['upstream_timeout', 504],
    ] as const
  ) {
    it(`maps ${code} to ${status}`, () => {
      assert.equal(new ApiError(code, 'x').status, status)
    })
  }

  it('keeps its details', () => {
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

  it('accepts another error as its details', () => {
    const first = new ApiError('model_not_found', 'm', { param: 'model', opcRequestId: 'o' })
    const { param, opcRequestId } = new ApiError('model_not_found', 'n', first)
    assert.deepEqual({ param, opcRequestId }, { param: 'model', opcRequestId: 'o' })
  })
})

describe('toApiError()', () => {
  it('returns an ApiError unchanged', () => {
    const error = new ApiError('not_found', 'x')
    assert.equal(toApiError(error), error)
  })

  for (const thrown of [new Error('secret'), 'secret', undefined, null, { message: 'secret' }]) {
    it(`E20 hides ${JSON.stringify(thrown) ?? thrown} and keeps it as the cause`, () => {
      const { code, message, cause } = toApiError(thrown)
      assert.deepEqual({ code, message }, {
        code: 'internal_error',
        message: 'Internal gateway error. The gateway log has the cause',
      })
      assert.equal(cause, thrown)
    })
  }
})
