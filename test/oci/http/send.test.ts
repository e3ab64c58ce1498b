import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import type { Credential, SignableRequest } from '../../../src/oci/signing/credential.ts'
import { createClock } from '../../../src/oci/http/clock.ts'
import { createSender, type OutgoingCall } from '../../../src/oci/http/send.ts'
import type { Platform } from '../../../src/platform.ts'
import { createPlatform, NOW } from '../platform.ts'

const ADDRESS = new URL('https://inference.example.com/20231130/actions/chat?page=a%2Fb')
const BODY = new TextEncoder().encode('{"a":"é日本"}')
const CALL: OutgoingCall = { method: 'POST', url: ADDRESS, body: BODY }
const MINUTE = 60_000

describe('createSender()', () => {
  const other = new URL('/other', ADDRESS)
  const prepared: [name: string, prepare: OutgoingCall, ms: number, signatures: number][] = [
    ['uses a prepared signature', CALL, 9_999, 1],
    ['does not use one that is older than ten seconds', CALL, 10_000, 2],
    ['does not use one for another address', { ...CALL, url: other }, 0, 2],
    ['does not use one for other bytes', { ...CALL, body: new Uint8Array(BODY) }, 0, 2],
    [
      'signs a large body when it is sent',
      { ...CALL, yieldToEventLoop: () => Promise.resolve() },
      0,
      1,
    ],
  ]
  for (const [name, call, ms, signatures] of prepared) {
    it(name, async () => {
      const { send, signed, seen, wait } = setUp(() => new Response('{}'))
      await send.prepare?.(call)
      wait(ms)
      await send(CALL, new AbortController().signal)
      assert.equal(signed.length, signatures)
      assert.deepEqual(seen.map(({ init }) => authorizationOf(init)), [`Signature ${signatures}`])
      // A retry is signed again.
      await send(CALL, new AbortController().signal)
      assert.equal(signed.length, signatures + 1)
    })
  }

  it('reports the failure of a prepared signature when the call is sent', async () => {
    const failed = new Error('no key')
    const { send } = setUp(() => new Response('{}'), undefined, { failure: failed })
    await send.prepare?.(CALL)
    await assert.rejects(send(CALL, new AbortController().signal), failed)
  })

  it('A02 A04 sends the bytes and the URL that were signed', async () => {
    const { send, seen, signed } = setUp(() => new Response('{}'))
    await send(CALL, new AbortController().signal)
    assert.deepEqual(signed.map(given), [{ method: 'POST', url: ADDRESS, body: BODY, date: NOW }])
    const [sent] = seen
    assert.equal(sent?.url, ADDRESS.href)
    assert.equal(sent?.init.body, BODY)
    assert.equal(sent?.init.redirect, 'manual')
    assert.deepEqual(sent?.init.headers, {
      'accept': 'application/json, text/event-stream',
      'accept-encoding': 'identity',
      'user-agent': 'oci-genai-gateway',
      'authorization': 'Signature 1',
    })
  })

  it('A01 sends no body with a GET', async () => {
    const { send, seen } = setUp(() => new Response('{}'))
    await send({ method: 'GET', url: ADDRESS }, new AbortController().signal)
    assert.equal('body' in (seen[0]?.init ?? {}), false)
  })

  const ids: [given: string, sent: string | undefined][] = [
    ['abc-123_x', 'abc123x'],
    ['a'.repeat(64), 'a'.repeat(32)],
    ['__--', undefined],
  ]
  for (const [given, sent] of ids) {
    it(`sends the request id "${given}" as ${sent}`, async () => {
      const { send, seen } = setUp(() => new Response('{}'))
      await send({ ...CALL, requestId: given }, new AbortController().signal)
      assert.equal(new Headers(seen[0]?.init.headers).get('opc-request-id') ?? undefined, sent)
    })
  }

  it('returns a successful answer unchanged', async () => {
    const response = new Response('{}')
    const { send } = setUp(() => response)
    assert.equal(await send(CALL, new AbortController().signal), response)
  })

  it('throws a rejection of OCI', async () => {
    const { send } = setUp(() => new Response('{"code":"404","message":"no"}', { status: 404 }))
    await assert.rejects(
      send({ ...CALL, model: 'acme.one' }, new AbortController().signal),
      (error) => {
        assert.ok(error instanceof ApiError)
        assert.deepEqual([error.code, error.reason], ['model_not_found', '404'])
        assert.match(error.message, /^Cannot find the model "acme.one": no\. /)
        return true
      },
    )
  })

  it('A23 does not follow a redirect', async () => {
    const headers = { location: 'https://evil.example' }
    const { send, seen } = setUp(() => new Response('', { status: 307, headers }))
    await assert.rejects(send(CALL, new AbortController().signal), { code: 'upstream_redirect' })
    assert.equal(seen.length, 1)
  })

  it("A20 corrects its clock from OCI's time, and sends once more", async () => {
    const { send, signed, platform } = setUp((number) =>
      number === 1 ? skewed(NOW + 10 * MINUTE) : new Response('{}')
    )
    await send(CALL, new AbortController().signal)
    await send(CALL, new AbortController().signal)
    const right = NOW + 10 * MINUTE
    assert.deepEqual(signed.map(({ date }) => date), [NOW, right, right])
    assert.deepEqual(platform.lines, [{ level: 'warn', event: 'clock_corrected', seconds: 600 }])
  })

  it('A20 corrects its clock once for a call', async () => {
    const { send, seen } = setUp(() => skewed(NOW + 10 * MINUTE))
    await assert.rejects(send(CALL, new AbortController().signal), { code: 'upstream_auth_error' })
    assert.equal(seen.length, 2)
  })

  it('E03 does not send again after another 401', async () => {
    const { send, seen } = setUp(() => new Response('{"code":"NotAuthenticated"}', { status: 401 }))
    await assert.rejects(send(CALL, new AbortController().signal), { code: 'upstream_auth_error' })
    assert.equal(seen.length, 1)
  })

  it('E03 renews a rejected token, and sends once more', async () => {
    const { send, signed } = setUp(
      (number) => number === 1 ? refusal() : new Response('{}'),
      undefined,
      { renewable: true },
    )
    await send(CALL, new AbortController().signal)
    const request = { method: 'POST', url: ADDRESS, body: BODY, date: NOW }
    assert.deepEqual(signed.map(given), [request, { ...request, renew: true }])
  })

  it('E03 renews a token once for a call', async () => {
    const { send, seen } = setUp(refusal, undefined, { renewable: true })
    await assert.rejects(send(CALL, new AbortController().signal), { code: 'upstream_auth_error' })
    assert.equal(seen.length, 2)
  })

  it('A20 corrects its clock before it renews a token', async () => {
    const { send, signed } = setUp(
      (number) => number === 1 ? skewed(NOW + 10 * MINUTE) : new Response('{}'),
      undefined,
      { renewable: true },
    )
    await send(CALL, new AbortController().signal)
    assert.deepEqual(signed.map(({ renew }) => renew), [undefined, undefined])
  })

  it('throws the error of a token renewal', async () => {
    const why = new ApiError('upstream_auth_error', 'x')
    const { send } = setUp(refusal, undefined, { renewable: true, renewal: why })
    await assert.rejects(send(CALL, new AbortController().signal), why)
  })

  it('E21 uses the advice of the credential', async () => {
    const advice = { refused: 'Do this', policy: 'Allow that' }
    const { send } = setUp(
      (number) => number === 1 ? refusal() : new Response('', { status: 404 }),
      undefined,
      { advice },
    )
    const { signal } = new AbortController()
    await assert.rejects(send(CALL, signal), { message: /\. Do this$/ })
    await assert.rejects(send(CALL, signal), { message: /a policy is missing: "Allow that"$/ })
  })

  it('reports that OCI is unreachable, without its address', async () => {
    const cause = new TypeError('fetch failed: 10.0.0.1')
    const { send } = setUp(() => Promise.reject(cause))
    await assert.rejects(send(CALL, new AbortController().signal), {
      name: 'ApiError',
      code: 'upstream_unavailable',
      reason: 'connect',
      message: 'Cannot reach OCI: the connection could not be made or was closed before an answer',
      cause,
    })
  })

  it('E09 times out without an answer', async () => {
    const { send } = setUp(never, 5)
    await assert.rejects(send(CALL, new AbortController().signal), {
      name: 'ApiError',
      code: 'upstream_timeout',
      message: 'OCI did not answer within 0.005 seconds',
    })
  })

  it('waits without a timeout when it is 0', async () => {
    const late = new Promise<Response>((resolve) => {
      setTimeout(() => resolve(new Response('{}')), 20)
    })
    const { send } = setUp((_, init) => Promise.race([late, never(0, init)]), 0)
    assert.equal((await send(CALL, new AbortController().signal)).status, 200)
  })

  it('does not apply the timeout to the body', async () => {
    const { send, seen } = setUp(() => new Response('{}'), 5)
    await send(CALL, new AbortController().signal)
    await new Promise((resolve) => setTimeout(resolve, 15))
    assert.equal(seen[0]?.init.signal?.aborted, false)
  })

  it('X13 aborts the call when the client disconnects, also during the body', async () => {
    const controller = new AbortController()
    const { send, seen } = setUp(() => new Response('{}'))
    await send(CALL, controller.signal)
    controller.abort(new ApiError('client_closed', 'x'))
    assert.equal(seen[0]?.init.signal?.aborted, true)
  })

  it('X13 does not wait for the token of a client that has disconnected', async () => {
    const sign = () => new Promise<never>(() => {})
    const credential = Object.assign(sign, { renewable: true })
    const platform = createPlatform()
    const clock = createClock(() => NOW)
    const send = createSender({ credential, clock, platform, responseTimeout: 0 })
    const client = new AbortController()
    const sending = send(CALL, client.signal)
    client.abort('gone')
    await assert.rejects(sending, (reason) => reason === 'gone')
  })

  it('X13 throws the reason of the abort', async () => {
    const controller = new AbortController()
    const reason = new ApiError('client_closed', 'x')
    const { send } = setUp(never)
    const sending = send(CALL, controller.signal)
    setTimeout(() => controller.abort(reason), 5)
    await assert.rejects(sending, reason)
  })

  it('sends nothing for a client that has disconnected', async () => {
    const reason = new ApiError('client_closed', 'x')
    const { send, seen } = setUp(never)
    await assert.rejects(send(CALL, AbortSignal.abort(reason)), reason)
    assert.equal(seen.length, 0)
  })

  for (const encoding of ['zstd', 'br', 'GZIP', 'gzip, br', 'constructor']) {
    it(`X09 rejects the content encoding "${encoding}"`, async () => {
      const headers = { 'content-encoding': encoding }
      const { send } = setUp(() => new Response('x', { headers }))
      await assert.rejects(send(CALL, new AbortController().signal), {
        code: 'upstream_invalid_response',
        message: `Cannot read OCI's answer: its content encoding "${encoding}" is not supported`,
      })
    })
  }

  it('X09 reads no text of an error with an unsupported content encoding', async () => {
    const init = { status: 400, headers: { 'content-encoding': 'br' } }
    const { send } = setUp(() => new Response('x', init))
    await assert.rejects(send(CALL, new AbortController().signal), {
      code: 'invalid_request',
      message: /^OCI rejected the request: status 400/,
    })
  })

  for (const encoding of ['identity', 'gzip', ' gzip ']) {
    it(`X09 reads an answer that is encoded as "${encoding}"`, async () => {
      const { send } = setUp(() => new Response('x', { headers: { 'content-encoding': encoding } }))
      assert.equal((await send(CALL, new AbortController().signal)).status, 200)
    })
  }
})

interface Sent {
  url: string
  init: RequestInit
}

/** The properties of a credential, and the errors of its signature and of its renewal. */
type Traits = Pick<Credential, 'renewable' | 'advice'> & { failure?: Error; renewal?: Error }

/** The members of a request that have a value. */
function given(request: SignableRequest): object {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined))
}

type Answer = (number: number, init: RequestInit) => Response | Promise<Response>

/** Creates a sender whose credential counts signatures and whose network is `answer`. */
function setUp(answer: Answer, responseTimeout = 60_000, traits: Traits = {}) {
  const seen: Sent[] = []
  const signed: SignableRequest[] = []
  const fetch: Platform['fetch'] = async (url, init) => {
    seen.push({ url, init })
    return await answer(seen.length, init)
  }
  const platform = createPlatform({ fetch })
  const sign = (request: SignableRequest) => {
    signed.push(request)
    if (traits.failure) return Promise.reject(traits.failure)
    if (request.renew && traits.renewal) return Promise.reject(traits.renewal)
    return Promise.resolve({ authorization: `Signature ${signed.length}` })
  }
  const credential: Credential = Object.assign(sign, traits)
  let now = NOW
  const clock = createClock(() => now)
  return {
    wait: (ms: number) => now += ms,
    send: createSender({ credential, clock, platform, responseTimeout }),
    seen,
    signed,
    platform,
  }
}

/** A network that answers nothing until the call is aborted. */
function never(_: number, { signal }: RequestInit): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}

function authorizationOf({ headers }: RequestInit): string | null {
  return new Headers(headers).get('authorization')
}

function refusal(): Response {
  return new Response('{"code":"NotAuthenticated"}', { status: 401 })
}

function skewed(current: number): Response {
  const time = new Date(current).toUTCString().replace('GMT', 'UTC')
  const message = `Date 'x' is not within allowed clock skew. Current '${time}', valid: …`
  return new Response(JSON.stringify({ code: 'NotAuthenticated', message }), { status: 401 })
}
