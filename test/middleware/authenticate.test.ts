import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFailedAuthLimiter } from '../../src/access/failed-auth-limiter.ts'
import { authenticate } from '../../src/middleware/authenticate.ts'
import { clientOf } from '../../src/middleware/identify-client.ts'
import { serve } from './serve.ts'

const rejected: Record<string, string>[] = [
  {},
  { authorization: '' },
  { authorization: 'Bearer' },
  { authorization: 'Bearer sk-wrong' },
  { authorization: 'Basic sk-right' },
  { authorization: 'sk-right' },
  { authorization: 'Bearer sk-right sk-wrong' },
  { 'x-api-key': 'sk-wrong' },
  { 'api-key': 'sk-wrong' },
  { authorization: 'Bearer sk-wrong', 'x-api-key': 'sk-worse' },
]

const accepted: Record<string, string>[] = [
  { authorization: 'Bearer sk-right' },
  { authorization: 'bearer  sk-right' },
  { 'x-api-key': 'sk-right' },
  { 'api-key': 'sk-right' },
  { authorization: 'Bearer sk-wrong', 'x-api-key': 'sk-right' },
  { authorization: 'Bearer sk-right', 'x-api-key': 'sk-wrong' },
]

describe('authenticate()', () => {
  for (const headers of accepted) {
    it(`B6: accepts ${JSON.stringify(headers)}`, async () => {
      const { response } = await sendRequest(headers)
      assert.deepEqual([response.status, await response.text()], [200, 'in'])
    })
  }

  it('passes the id of the key to the route, not the key', async () => {
    const { response } = await serve(
      (c) => c.text(clientOf(c)),
      { headers: { 'x-api-key': 'sk-right' } },
      authenticate(check, createFailedAuthLimiter({ failedAuthPerMinute: 20 }, () => 0)),
    )
    assert.equal(await response.text(), 'id of right')
  })

  for (const headers of rejected) {
    it(`E04 rejects ${JSON.stringify(headers)}`, async () => {
      const { response, lines } = await sendRequest(headers)
      assert.equal(response.status, 401)
      assert.equal(response.headers.get('www-authenticate'), 'Bearer')
      assert.deepEqual(await response.json(), {
        error: {
          message:
            'Missing or invalid API key. Send a key of this gateway as "Authorization: Bearer <key>"',
          type: 'authentication_error',
          param: null,
          code: 'invalid_api_key',
        },
      })
      assert.doesNotMatch(JSON.stringify(lines), /sk-/)
    })
  }
})

describe('authenticate() and invalid keys', () => {
  it('F8: limits the invalid keys of an address, and never rejects a valid one', async () => {
    const failures = createFailedAuthLimiter({ failedAuthPerMinute: 2 }, () => 0)
    const keys = ['sk-right', 'sk-1', 'sk-2', 'sk-3', 'sk-other', 'sk-right', '']
    const statuses = []
    for (const key of keys) {
      const { response } = await sendRequest({ authorization: `Bearer ${key}` }, failures)
      statuses.push([response.status, response.headers.get('retry-after')])
    }
    assert.deepEqual(statuses, [
      [200, null],
      [401, null],
      [401, null],
      [429, '10'],
      [200, null],
      [200, null],
      [401, null],
    ])
  })

  it('B6: counts no failure when one of two keys is valid', async () => {
    const failures = createFailedAuthLimiter({ failedAuthPerMinute: 1 }, () => 0)
    const headers = { 'authorization': 'Bearer sk-wrong', 'x-api-key': 'sk-right' }
    for (let count = 0; count < 3; count++) await sendRequest(headers, failures)
    assert.equal(failures.isBlocked('address'), false)
  })
})

function sendRequest(
  headers: Record<string, string>,
  failures = createFailedAuthLimiter({ failedAuthPerMinute: 20 }, () => 0),
) {
  return serve((c) => c.text('in'), { headers }, authenticate(check, failures))
}

function check(key: string): Promise<string | undefined> {
  return Promise.resolve(
    ['sk-right', 'sk-other'].includes(key) ? `id of ${key.slice(3)}` : undefined,
  )
}
