import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, type ApiErrorDetails, type ErrorCode } from '../../src/errors.ts'
import { RANDOM_ID, serve } from './serve.ts'

type Case = [
  name: string,
  code: ErrorCode,
  details: ApiErrorDetails,
  expected: { status: number; headers?: Record<string, string>; error?: object },
]

const cases: Case[] = [
  ['names the invalid field', 'invalid_request', { param: 'model' }, {
    status: 400,
    error: { type: 'invalid_request_error', param: 'model', code: 'invalid_request' },
  }],
  ["R14 has OCI's request id", 'model_not_found', { opcRequestId: 'A/B' }, {
    status: 404,
    headers: { 'opc-request-id': 'A/B' },
    error: {
      message: 'Cannot do it (opc-request-id: A/B)',
      type: 'not_found_error',
      code: 'model_not_found',
    },
  }],
  ["E06 passes OCI's retry-after on", 'rate_limit_exceeded', { retryAfter: 7 }, {
    status: 429,
    headers: { 'retry-after': '7' },
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  }],
  ['E06 has a retry-after of 1 second by default', 'rate_limit_exceeded', {}, {
    status: 429,
    headers: { 'retry-after': '1' },
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  }],
  ['E06 has a retry-after of at least 1 second', 'rate_limit_exceeded', { retryAfter: 0 }, {
    status: 429,
    headers: { 'retry-after': '1' },
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  }],
  ['has a retry-after for an overloaded gateway', 'overloaded', { retryAfter: 3 }, {
    status: 503,
    headers: { 'retry-after': '3' },
    error: { type: 'api_error', code: 'overloaded' },
  }],
  ['has status 502 for an authentication error of OCI', 'upstream_auth_error', {}, {
    status: 502,
    error: { type: 'api_error', code: 'upstream_auth_error' },
  }],
]

const CHECKED_HEADERS = ['opc-request-id', 'retry-after', 'content-type', 'x-request-id']
const ALWAYS = { 'content-type': 'application/json', 'x-request-id': RANDOM_ID }

describe('renderError()', () => {
  for (const [name, code, details, { status, headers, error }] of cases) {
    it(name, async () => {
      const { response } = await serve(() => {
        throw new ApiError(code, 'Cannot do it', details)
      })
      assert.equal(response.status, status)
      assert.deepEqual(checkedHeaders(response), { ...ALWAYS, ...headers })
      assert.deepEqual(await response.json(), {
        error: { message: 'Cannot do it', param: null, ...error },
      })
    })
  }

  it('E20 Z04 hides a defect from the client and logs its location only', async () => {
    const { response, lines } = await serve(() => {
      throw new TypeError('Cannot read "the prompt"')
    })
    assert.equal(response.status, 500)
    assert.deepEqual(await response.json(), {
      error: {
        message: 'Internal gateway error. The gateway log has the cause',
        type: 'api_error',
        param: null,
        code: 'internal_error',
      },
    })
    const [defect, request] = lines
    assert.deepEqual({ ...defect, cause: undefined }, {
      level: 'error',
      event: 'internal_error',
      requestId: RANDOM_ID,
      cause: undefined,
    })
    assert.match(String(defect?.['cause']), /^TypeError /)
    assert.doesNotMatch(JSON.stringify(lines), /prompt/)
    assert.equal(request?.['error'], 'internal_error')
  })

  it('logs the name of an error without a stack', async () => {
    const { response, lines } = await serve(() => {
      return Promise.reject(Object.assign(new Error(''), { name: 'Odd', stack: undefined }))
    })
    assert.deepEqual([response.status, lines[0]?.['cause']], [500, 'Odd '])
  })

  it('X13 reports client_closed for any error after the client disconnected', async () => {
    const client = new AbortController()
    const { response, lines } = await serve(() => {
      client.abort()
      throw new TypeError('terminated')
    }, { signal: client.signal })
    assert.equal(response.status, 499)
    assert.deepEqual(lines.map(({ event, error, status }) => ({ event, error, status })), [
      { event: 'request', error: 'client_closed', status: 499 },
    ])
  })
})

function checkedHeaders({ headers }: Response): Record<string, string> {
  const entries = CHECKED_HEADERS.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value.replace(/; ?charset=utf-8/i, '')] as const]
  })
  return Object.fromEntries(entries)
}
