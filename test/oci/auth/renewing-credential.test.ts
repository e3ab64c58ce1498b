import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import type { Credential } from '../../../src/oci/signing/credential.ts'
import { renewingCredential } from '../../../src/oci/auth/renewing-credential.ts'
import { createSession, type Session } from '../../../src/oci/auth/session.ts'
import { decodeToken } from '../../../src/oci/auth/token.ts'
import { importPrivateKey } from '../../../src/oci/signing/private-key.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import { anyRequest, createFixture, jwt, keyIdOf, MINUTE, NOW } from './fixture.ts'

const ADVICE = { refused: 'Do this', policy: 'Allow that' }
const { key } = await importPrivateKey(keys.keys.rsa2048.pkcs8Pem)
const failure = new ApiError('upstream_auth_error', 'x', { reason: 'why' })

describe('renewingCredential()', () => {
  it('A13 opens one session for 1,000 requests whose token has expired', async () => {
    const { credential, opened, fixture } = setUp({ delay: 5 })
    fixture.advance(61 * MINUTE)
    const names = await Promise.all(Array.from({ length: 1_000 }, () => tokenOf(credential)))
    assert.deepEqual([...new Set(names)], ['1'])
    assert.equal(opened.length, 1)
  })

  it('A13 opens one session for 1,000 requests whose token was rejected', async () => {
    const { credential, opened } = setUp({ delay: 5 })
    const again = () => tokenOf(credential, { renew: true })
    const names = await Promise.all(Array.from({ length: 1_000 }, again))
    assert.deepEqual([...new Set(names)], ['1'])
    // Later rejections arrive after the new session is open.
    assert.equal(await again(), '1')
    assert.equal(opened.length, 1)
  })

  it('renews again when the renewed token is rejected later', async () => {
    const { credential, fixture } = setUp()
    assert.equal(await tokenOf(credential, { renew: true }), '1')
    fixture.advance(10_000)
    assert.equal(await tokenOf(credential, { renew: true }), '2')
  })

  it('uses a session without renewal for half of its lifetime', async () => {
    const { credential, opened, fixture } = setUp()
    fixture.advance(30 * MINUTE - 1)
    assert.equal(await tokenOf(credential), '0')
    assert.equal(opened.length, 0)
  })

  it('renews in the background in the second half of the lifetime', async () => {
    const { credential, opened, fixture } = setUp({ delay: 5 })
    fixture.advance(30 * MINUTE)
    assert.deepEqual(await Promise.all([tokenOf(credential), tokenOf(credential)]), ['0', '0'])
    await sleep(20)
    assert.equal(await tokenOf(credential), '1')
    assert.equal(opened.length, 1)
  })

  it('waits for the renewal in the last minute of a session', async () => {
    const { credential, fixture } = setUp({ delay: 5 })
    fixture.advance(59 * MINUTE)
    assert.equal(await tokenOf(credential), '1')
  })

  it('signs a request with the session that was current when it started', async () => {
    const { credential, fixture } = setUp({ lives: [60, 60] })
    const before = credential(anyRequest())
    fixture.advance(59 * MINUTE)
    const after = credential(anyRequest())
    assert.deepEqual([keyName(await before), keyName(await after)], ['0', '1'])
  })

  it('A14 keeps the current session when a renewal fails, and logs it', async () => {
    const { credential, fixture } = setUp({ fails: true })
    fixture.advance(57 * MINUTE)
    assert.equal(await tokenOf(credential), '0')
    await sleep(5)
    const line = { level: 'warn', event: 'token_not_renewed', reason: 'why' }
    assert.deepEqual(fixture.lines, [{ ...line, secondsLeft: 180 }])
  })

  it('A14 keeps the current session until it expires', async () => {
    const { credential, fixture } = setUp({ fails: true })
    fixture.advance(60 * MINUTE - 1)
    assert.equal(await tokenOf(credential), '0')
    fixture.advance(1)
    await assert.rejects(tokenOf(credential), failure)
  })

  it('A14 is ready until its session expires without a successor', async () => {
    const { credential, opened, fixture } = setUp({ fails: true })
    fixture.advance(60 * MINUTE - 1)
    assert.deepEqual([await credential.isReady?.(), opened.length], [true, 0])
    fixture.advance(1)
    assert.deepEqual([await credential.isReady?.(), opened.length], [false, 1])
    // Readiness probes cause no more renewals than requests do.
    assert.deepEqual([await credential.isReady?.(), opened.length], [false, 1])
  })

  it('A14 a readiness probe renews the session', async () => {
    const { credential, fixture } = setUp()
    fixture.advance(61 * MINUTE)
    assert.equal(await credential.isReady?.(), true)
    assert.equal(await tokenOf(credential), '1')
  })

  it('is ready with a token without an expiry time', async () => {
    const { credential, opened } = setUp({ lives: [undefined] })
    assert.deepEqual([await credential.isReady?.(), opened.length], [true, 0])
  })

  it('tries a background renewal every ten seconds', async () => {
    const { credential, opened, fixture } = setUp({ fails: true })
    fixture.advance(40 * MINUTE)
    for (const seconds of [0, 0, 5, 5, 9, 1]) {
      fixture.advance(seconds * 1000)
      assert.equal(await tokenOf(credential), '0')
      await sleep(1)
    }
    assert.equal(opened.length, 3)
  })

  it('does not retry a failed renewal for a second', async () => {
    const { credential, opened, fixture } = setUp({ fails: true })
    fixture.advance(60 * MINUTE)
    const all = Array.from({ length: 1_000 }, () => tokenOf(credential))
    const results = await Promise.allSettled(all)
    assert.ok(results.every((result) => result.status === 'rejected' && result.reason === failure))
    fixture.advance(999)
    await assert.rejects(tokenOf(credential), failure)
    assert.equal(opened.length, 1)
    fixture.advance(1)
    await assert.rejects(tokenOf(credential), failure)
    assert.equal(opened.length, 2)
  })

  it('retries a failed renewal when the clock is set back', async () => {
    const { credential, opened, fixture } = setUp({ fails: true, lives: [1] })
    fixture.advance(60 * MINUTE)
    await assert.rejects(tokenOf(credential), failure)
    fixture.advance(-30 * MINUTE)
    await assert.rejects(tokenOf(credential), failure)
    assert.equal(opened.length, 2)
  })

  it('fails when a rejected token cannot be renewed', async () => {
    const { credential } = setUp({ fails: true })
    await assert.rejects(tokenOf(credential, { renew: true }), failure)
  })

  it('does not wait for another request without shared promises', async () => {
    const { credential, opened, fixture } = setUp({ delay: 5, sharePromises: false })
    fixture.advance(61 * MINUTE)
    const names = await Promise.all([tokenOf(credential), tokenOf(credential)])
    // Each request opened its own session; later requests use the last one.
    assert.deepEqual(names, ['1', '2'])
    assert.equal(await tokenOf(credential), '2')
    assert.equal(opened.length, 2)
  })

  it('lets one request wait for a background renewal without shared promises', async () => {
    const { credential, opened, fixture } = setUp({ delay: 5, sharePromises: false })
    fixture.advance(40 * MINUTE)
    assert.deepEqual(await Promise.all([tokenOf(credential), tokenOf(credential)]), ['1', '0'])
    assert.equal(await tokenOf(credential), '1')
    assert.equal(opened.length, 1)
  })

  it('lets that request continue when the renewal fails', async () => {
    const { credential, fixture } = setUp({ fails: true, sharePromises: false })
    fixture.advance(40 * MINUTE)
    assert.equal(await tokenOf(credential), '0')
  })

  it('does not keep a token without an expiry time, and warns about it', async () => {
    const { credential, fixture } = setUp({ lives: [undefined, undefined] })
    assert.deepEqual([await tokenOf(credential), await tokenOf(credential)], ['1', '2'])
    assert.deepEqual(fixture.lines, [{ level: 'warn', event: 'token_without_expiry' }])
  })

  it('is renewable and has advice for a rejection', () => {
    const { credential } = setUp()
    assert.deepEqual([credential.renewable, credential.advice], [true, ADVICE])
  })
})

const limits: [name: string, minutes: number, renewAt: number, staleAt: number][] = [
  ['an hour', 60, 30, 59],
  ['five minutes', 5, 2.5, 4],
  ['a minute', 1, 0.5, 0.75],
]

describe('createSession()', () => {
  for (const [name, minutes, renewAt, staleAt] of limits) {
    it(`schedules the renewal of a token of ${name}`, () => {
      const session = sessionOf('x', minutes)
      assert.deepEqual(
        [session.renewAt, session.staleAt, session.endsAt],
        [renewAt, staleAt, minutes].map((minute) => NOW + minute * MINUTE),
      )
    })
  }

  it('counts from the receipt of a token without an issue time', () => {
    const token = decodeToken(jwt({ iat: undefined }), 'it')
    assert.equal(createSession(token, key, NOW + 20 * MINUTE).renewAt, NOW + 40 * MINUTE)
  })

  it('A12 signs with the token as the key id', async () => {
    const { token, sign } = sessionOf('x')
    assert.equal(keyIdOf(await sign(anyRequest())), `ST$${token.text}`)
  })
})

interface Script {
  /** Milliseconds until a session is open. */
  delay?: number
  fails?: boolean
  sharePromises?: boolean
  /** The lifetime of each session in minutes. Defaults to an hour. */
  lives?: (number | undefined)[]
}

/** A credential whose sessions are numbered from 0. */
function setUp({ delay, fails, sharePromises = true, lives = [60] }: Script = {}) {
  const fixture = createFixture(undefined, { sharePromises })
  const opened: Session[] = []
  const open = async (current: Session): Promise<Session> => {
    opened.push(current)
    const number = opened.length
    if (delay !== undefined) await sleep(delay)
    if (fails) throw failure
    const life = number in lives ? lives[number] : 60
    return sessionOf(String(number), life, fixture.clock.now())
  }
  const credential = renewingCredential(sessionOf('0', lives[0]), open, fixture, ADVICE)
  return { credential, opened, fixture }
}

function sessionOf(name: string, minutes: number | undefined = undefined, now = NOW): Session {
  const iat = now / 1000
  const exp = minutes === undefined ? undefined : iat + minutes * 60
  return createSession(decodeToken(jwt({ sub: name, iat, exp }), 'it'), key, now)
}

async function tokenOf(credential: Credential, part = {}): Promise<string> {
  return keyName(await credential(anyRequest(part)))
}

function keyName(headers: Record<string, string>): string {
  const claims = keyIdOf(headers)?.split('.')[1] ?? ''
  return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).sub
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
