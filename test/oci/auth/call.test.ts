import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AuthCall,
  type AuthFailure,
  callAuth,
  readTokenReply,
} from '../../../src/oci/auth/call.ts'
import { errorBodyOf } from '../../../src/oci/http/error.ts'
import { type Answer, createFixture, MINUTE, NOW } from './fixture.ts'

const CALL: AuthCall = {
  action: 'get it',
  method: 'POST',
  url: new URL('https://auth.example.com/v1/x'),
  headers: { authorization: 'Bearer a' },
  body: '{}',
  contentType: 'application/json',
  advise: () => ({ advice: 'Do this' }),
}

const failing: [
  name: string,
  answer: Answer,
  part: Partial<AuthCall>,
  expected: { message: string; reason: string | undefined; calls: number },
][] = [
  [
    'a 401 at once',
    () =>
      Response.json({ code: 'NotAuthenticated', message: 'No ocid1.user.oc1..a.' }, {
        status: 401,
      }),
    {},
    {
      message: 'Cannot get it: "auth.example.com" answered 401, NotAuthenticated, ' +
        'No ocid1.user.…. Do this',
      reason: 'NotAuthenticated',
      calls: 1,
    },
  ],
  [
    'a 503 after three attempts',
    () => new Response('<html>', { status: 503 }),
    {},
    {
      message: 'Cannot get it: "auth.example.com" answered 503. Do this',
      reason: undefined,
      calls: 3,
    },
  ],
  [
    'a 429 after three attempts',
    () => new Response('', { status: 429 }),
    {},
    {
      message: 'Cannot get it: "auth.example.com" answered 429. Do this',
      reason: undefined,
      calls: 3,
    },
  ],
  [
    'a retryable status after three attempts',
    () => new Response('', { status: 404 }),
    { retryable: [404] },
    {
      message: 'Cannot get it: "auth.example.com" answered 404. Do this',
      reason: undefined,
      calls: 3,
    },
  ],
  [
    'A23 a redirect without following it',
    () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
    {},
    {
      message: 'Cannot get it: "auth.example.com" answered 302. Do this',
      reason: undefined,
      calls: 1,
    },
  ],
  [
    'no connection after three attempts',
    () => Promise.reject(new TypeError('10.0.0.1 refused')),
    {},
    {
      message: 'Cannot get it: no connection to "auth.example.com". Do this',
      reason: 'connect',
      calls: 3,
    },
  ],
]

describe('callAuth()', () => {
  it('sends the call and returns the text of the response', async () => {
    const fixture = createFixture(() => new Response('text'))
    assert.equal(await callAuth(CALL, fixture), 'text')
    const { url, method, body } = fixture.calls[0] ?? {}
    assert.deepEqual([method, url, body], ['POST', CALL.url.href, '{}'])
    assert.deepEqual(fixture.calls[0]?.headers, {
      'authorization': 'Bearer a',
      'content-type': 'application/json',
    })
  })

  it('retries transient failures', async () => {
    const fixture = createFixture((_, number) =>
      number < 3 ? new Response('', { status: 500 }) : new Response('text')
    )
    assert.equal(await callAuth(CALL, fixture), 'text')
  })

  for (const [name, answer, part, { message, reason, calls }] of failing) {
    it(`reports ${name}`, async () => {
      const fixture = createFixture(answer)
      await assert.rejects(callAuth({ ...CALL, ...part }, fixture), (error: unknown) => {
        assert.ok(error instanceof Error && 'code' in error && 'reason' in error)
        assert.deepEqual(
          [error.code, error.message, error.reason],
          ['upstream_auth_error', message, reason],
        )
        // Callers must not mistake it for the response to a model call.
        assert.equal(errorBodyOf(error), undefined)
        return true
      })
      assert.equal(fixture.calls.length, calls)
    })
  }

  it('fails without a response within the timeout', async () => {
    const fixture = createFixture()
    const fetch = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    await assert.rejects(callAuth({ ...CALL, fetch, timeout: 5 }, fixture), {
      reason: 'timeout',
      message: 'Cannot get it: no response within 0.005 seconds from "auth.example.com". Do this',
    })
  })

  it('passes the failure to the advise function', async () => {
    const failures: AuthFailure[] = []
    const advise = (failure: AuthFailure) => {
      failures.push(failure)
      return { reason: 'mine', advice: 'Do that' }
    }
    const answer = () => Response.json({ code: 'X', message: 'y' }, { status: 403 })
    await assert.rejects(callAuth({ ...CALL, advise }, createFixture(answer)), {
      reason: 'mine',
      message: 'Cannot get it: "auth.example.com" answered 403, X, y. Do that',
    })
    assert.deepEqual(failures, [{ status: 403, code: 'X', cause: undefined }])
  })

  it('A20 corrects the clock and signs again', async () => {
    const message = skewed(NOW + 10 * MINUTE)
    const fixture = createFixture((_, number) =>
      number === 1 ? Response.json({ message }, { status: 401 }) : new Response('text')
    )
    const dates: number[] = []
    const sign = ({ date }: { date: number }) =>
      Promise.resolve({ 'x-date': `${dates.push(date)}` })
    assert.equal(await callAuth({ ...CALL, sign }, fixture), 'text')
    assert.deepEqual(dates, [NOW, NOW + 10 * MINUTE])
    assert.deepEqual(fixture.lines, [{ level: 'warn', event: 'clock_corrected' }])
  })

  it('A20 does not correct the clock from the response to an unsigned call', async () => {
    const message = skewed(NOW + 10 * MINUTE)
    const fixture = createFixture(() => Response.json({ message }, { status: 401 }))
    await assert.rejects(callAuth(CALL, fixture))
    assert.deepEqual([fixture.calls.length, fixture.clock.now()], [1, NOW])
  })

  it('keeps the opc-request-id', async () => {
    const headers = { 'opc-request-id': 'abc' }
    const fixture = createFixture(() => new Response('', { status: 401, headers }))
    await assert.rejects(callAuth(CALL, fixture), { opcRequestId: 'abc' })
  })
})

describe('readTokenReply()', () => {
  it('returns the token', () => {
    assert.equal(readTokenReply('{"token":"a.b.c","more":1}', 'get it'), 'a.b.c')
  })

  for (const text of ['', '<html>', '{}', '{"token":1}', 'null']) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      assert.throws(() => readTokenReply(text, 'get it'), {
        code: 'upstream_auth_error',
        message: 'Cannot get it: the response has no token',
      })
    })
  }
})

function skewed(current: number): string {
  const time = new Date(current).toUTCString().replace('GMT', 'UTC')
  return `Date 'x' is not within allowed clock skew. Current '${time}'`
}
