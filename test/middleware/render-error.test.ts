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
  ['names the field at fault', 'invalid_request', { param: 'model' }, {
    status: 400,
    error: { type: 'invalid_request_error', param: 'model', code: 'invalid_request' },
  }],
  ["R14 names OCI's call", 'model_not_found', { opcRequestId: 'A/B' }, {
    status: 404,
    headers: { 'opc-request-id': 'A/B' },
    error: {
      message: 'Cannot do it (opc-request-id: A/B)',
      type: 'not_found_error',
      code: 'model_not_found',
    },
  }],
  ['E06 says when to come again', 'rate_limit_exceeded', { retryAfter: 7 }, {
    status: 429,
    headers: { 'retry-after': '7' },
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  }],
  ['E06 says so where OCI did not', 'rate_limit_exceeded', {}, {
    status: 429,
    headers: { 'retry-after': '1' },
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  }],
  ['E06 says never at once', 'rate_limit_exceeded', { retryAfter: 0 }, {
    status: 429,
    headers: { 'retry-after': '1' },
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  }],
  ['says when to come again also of what is down', 'overloaded', { retryAfter: 3 }, {
    status: 503,
    headers: { 'retry-after': '3' },
    error: { type: 'api_error', code: 'overloaded' },
  }],
  ['does not blame the client', 'upstream_auth_error', {}, {
    status: 502,
    error: { type: 'api_error', code: 'upstream_auth_error' },
  }],
]

const TOLD = ['opc-request-id', 'retry-after', 'content-type', 'x-request-id']
const ALWAYS = { 'content-type': 'application/json', 'x-request-id': RANDOM_ID }

describe('renderError()', () => {
  for (const [name, code, details, { status, headers, error }] of cases) {
    it(name, async () => {
      const { response } = await serve(() => {
        throw new ApiError(code, 'Cannot do it', details)
      })
      assert.equal(response.status, status)
      assert.deepEqual(told(response), { ...ALWAYS, ...headers })
      assert.deepEqual(await response.json(), {
        error: { message: 'Cannot do it', param: null, ...error },
      })
    })
  }

  it('E20 Z04 says nothing of a defect to the client, and its place only to the log', async () => {
    const { response, lines } = await serve(() => {
      throw new TypeError('Cannot read "the prompt"')
    })
    assert.equal(response.status, 500)
    assert.deepEqual(await response.json(), {
      error: {
        message: 'Cannot complete the request: internal error',
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

  it('logs what was thrown and is no error', async () => {
    const { response, lines } = await serve(() => {
      // hono passes on errors only; a rejection may be of anything.
      return Promise.reject(Object.assign(new Error(''), { name: 'Odd', stack: undefined }))
    })
    assert.deepEqual([response.status, lines[0]?.['cause']], [500, 'Odd '])
  })

  it('X13 takes whatever a client caused that left for that', async () => {
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

function told({ headers }: Response): Record<string, string> {
  const given = TOLD.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value.replace(/; ?charset=utf-8/i, '')] as const]
  })
  return Object.fromEntries(given)
}
