import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai'
import * as v from 'valibot'
import { ApiError, type ErrorCode } from '../../src/errors.ts'
import { encodeError, encodeErrorEvent } from '../../src/openai/error.ts'
import { ERROR_CODES, type Meaning, MEANINGS } from '../error-codes.ts'
import { ErrorBody } from './chat/public-schema.ts'

/** Class and type of an error, by the action that OpenAI's guide to error codes recommends. */
const EXPECTED: Record<
  Meaning,
  [sdkClass: abstract new (...args: never[]) => Error, types: readonly string[]]
> = {
  'change-request': [APIError, ['invalid_request_error']],
  'change-key': [AuthenticationError, ['authentication_error']],
  'ask-for-permission': [PermissionDeniedError, ['permission_error']],
  'raise-budget': [RateLimitError, ['insufficient_quota']],
  'name-another': [NotFoundError, ['not_found_error']],
  'wait': [APIError, ['rate_limit_error', 'timeout_error', 'api_error']],
  'client-left': [APIError, ['api_error']],
  'report': [InternalServerError, ['api_error']],
  'blame-upstream': [InternalServerError, ['api_error', 'timeout_error']],
}

describe('encodeError()', () => {
  for (const code of ERROR_CODES) {
    const [sdkClass, types] = EXPECTED[MEANINGS[code]]
    it(`becomes an error of OpenAI's SDK with the right class and type: ${code}`, () => {
      const error = new ApiError(code, 'Cannot do it')
      const body = v.parse(ErrorBody, encodeError(error))
      const thrown = APIError.generate(error.status, body, undefined, new Headers())
      assert.ok(thrown instanceof sdkClass, thrown.constructor.name)
      assert.match(thrown.message, /Cannot do it/)
      assert.deepEqual([thrown.code, thrown.param], [code, null])
      assert.ok(types.includes(`${thrown.type}`), `${thrown.type}`)
    })
  }

  for (
    const [code, sdkClass, type] of [
      ['invalid_request', BadRequestError, 'invalid_request_error'],
      ['context_length_exceeded', BadRequestError, 'invalid_request_error'],
      ['rate_limit_exceeded', RateLimitError, 'rate_limit_error'],
      ['overloaded', InternalServerError, 'api_error'],
      ['request_timeout', APIError, 'timeout_error'],
      ['upstream_timeout', InternalServerError, 'timeout_error'],
    ] as const
  ) {
    it(`encodes ${code} as ${type}`, () => {
      const error = new ApiError(code, 'Cannot do it')
      const thrown = APIError.generate(error.status, encodeError(error), undefined, new Headers())
      assert.ok(thrown instanceof sdkClass, thrown.constructor.name)
      assert.equal(thrown.type, type)
    })
  }

  it("has the field at fault and OCI's request id", () => {
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

  it('E20 has neither cause nor reason nor region', () => {
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
    it(`S22 marks ${code} if a retry may help`, () => {
      const event = encodeErrorEvent(new ApiError(code, 'Cannot do it', { opcRequestId: 'A' }))
      const [, data = ''] = /^data: (.*)\n\n$/.exec(event) ?? []
      assert.equal(JSON.parse(data).error.message, message)
      assert.equal(JSON.parse(data).error.code, code)
    })
  }
})
