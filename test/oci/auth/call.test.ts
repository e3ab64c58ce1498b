import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AuthCall,
  type AuthFailure,
  callAuth,
  readTokenReply,
} from '../../../src/oci/auth/call.ts'
import { errorBodyOf } from '../../../src/oci/http/error.ts'
import { type Answer, createWorld, MINUTE, NOW } from './world.ts'

const CALL: AuthCall = {
  action: 'get it',
  method: 'POST',
  url: new URL('https://auth.example.com/v1/x'),
  headers: { authorization: 'Bearer a' },
  body: '{}',
  contentType: 'application/json',
  advise: () => ({ advice: 'Do this' }),
}

const refused: [
  name: string,
  answer: Answer,
  part: Partial<AuthCall>,
  expected: { message: string; reason: string | undefined; calls: number },
][] = [
  [
    'a refusal, at once',
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
    'trouble, after three attempts',
    () => new Response('<html>', { status: 503 }),
    {},
    {
      message: 'Cannot get it: "auth.example.com" answered 503. Do this',
      reason: undefined,
      calls: 3,
    },
  ],
  [
    'too many requests, after three attempts',
    () => new Response('', { status: 429 }),
    {},
    {
      message: 'Cannot get it: "auth.example.com" answered 429. Do this',
      reason: undefined,
      calls: 3,
    },
  ],
  [
    'a status that is said to pass, after three attempts',
    () => new Response('', { status: 404 }),
    { retryable: [404] },
    {
      message: 'Cannot get it: "auth.example.com" answered 404. Do this',
      reason: undefined,
      calls: 3,
    },
  ],
  [
    'A23 another address, without going there',
    () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
    {},
    {
      message: 'Cannot get it: "auth.example.com" answered 302. Do this',
      reason: undefined,
      calls: 1,
    },
  ],
  [
    'no connection, after three attempts',
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
  it('sends what was asked for and gives the text of the answer', async () => {
    const world = createWorld(() => new Response('text'))
    assert.equal(await callAuth(CALL, world), 'text')
    const { url, method, body } = world.seen[0] ?? {}
    assert.deepEqual([method, url, body], ['POST', CALL.url.href, '{}'])
    assert.deepEqual(world.seen[0]?.headers, {
      'authorization': 'Bearer a',
      'content-type': 'application/json',
    })
  })

  it('tries again what passes', async () => {
    const world = createWorld((_, number) =>
      number < 3 ? new Response('', { status: 500 }) : new Response('text')
    )
    assert.equal(await callAuth(CALL, world), 'text')
  })

  for (const [name, answer, part, { message, reason, calls }] of refused) {
    it(`tells ${name}`, async () => {
      const world = createWorld(answer)
      await assert.rejects(callAuth({ ...CALL, ...part }, world), (error: unknown) => {
        assert.ok(error instanceof Error && 'code' in error && 'reason' in error)
        assert.deepEqual(
          [error.code, error.message, error.reason],
          ['upstream_auth_error', message, reason],
        )
        // Whoever asked OCI for models must not take the answer for theirs.
        assert.equal(errorBodyOf(error), undefined)
        return true
      })
      assert.equal(world.seen.length, calls)
    })
  }

  it('gives up when no answer comes in time', async () => {
    const world = createWorld()
    const fetch = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    await assert.rejects(callAuth({ ...CALL, fetch, timeout: 5 }, world), {
      reason: 'timeout',
      message: 'Cannot get it: no answer within 0.005 seconds from "auth.example.com". Do this',
    })
  })

  it('tells the adviser what happened', async () => {
    const failures: AuthFailure[] = []
    const advise = (failure: AuthFailure) => {
      failures.push(failure)
      return { reason: 'mine', advice: 'Do that' }
    }
    const answer = () => Response.json({ code: 'X', message: 'y' }, { status: 403 })
    await assert.rejects(callAuth({ ...CALL, advise }, createWorld(answer)), {
      reason: 'mine',
      message: 'Cannot get it: "auth.example.com" answered 403, X, y. Do that',
    })
    assert.deepEqual(failures, [{ status: 403, code: 'X', cause: undefined }])
  })

  it('A20 sets the clock right, and signs once more', async () => {
    const message = skewed(NOW + 10 * MINUTE)
    const world = createWorld((_, number) =>
      number === 1 ? Response.json({ message }, { status: 401 }) : new Response('text')
    )
    const dates: number[] = []
    const sign = ({ date }: { date: number }) =>
      Promise.resolve({ 'x-date': `${dates.push(date)}` })
    assert.equal(await callAuth({ ...CALL, sign }, world), 'text')
    assert.deepEqual(dates, [NOW, NOW + 10 * MINUTE])
    assert.deepEqual(world.lines, [{ level: 'warn', event: 'clock_corrected' }])
  })

  it('A20 learns no time from who answers an unsigned call', async () => {
    const message = skewed(NOW + 10 * MINUTE)
    const world = createWorld(() => Response.json({ message }, { status: 401 }))
    await assert.rejects(callAuth(CALL, world))
    assert.deepEqual([world.seen.length, world.clock.now()], [1, NOW])
  })

  it("keeps OCI's id of the call", async () => {
    const headers = { 'opc-request-id': 'abc' }
    const world = createWorld(() => new Response('', { status: 401, headers }))
    await assert.rejects(callAuth(CALL, world), { opcRequestId: 'abc' })
  })
})

describe('readTokenReply()', () => {
  it('gives the token', () => {
    assert.equal(readTokenReply('{"token":"a.b.c","more":1}', 'get it'), 'a.b.c')
  })

  for (const text of ['', '<html>', '{}', '{"token":1}', 'null']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => readTokenReply(text, 'get it'), {
        code: 'upstream_auth_error',
        message: 'Cannot get it: the answer has no token',
      })
    })
  }
})

function skewed(current: number): string {
  const time = new Date(current).toUTCString().replace('GMT', 'UTC')
  return `Date 'x' is not within allowed clock skew. Current '${time}'`
}
