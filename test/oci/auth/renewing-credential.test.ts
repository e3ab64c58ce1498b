import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import type { Credential } from '../../../src/oci/signing/credential.ts'
import { renewingCredential } from '../../../src/oci/auth/renewing-credential.ts'
import { createSession, type Session } from '../../../src/oci/auth/session.ts'
import { decodeToken } from '../../../src/oci/auth/token.ts'
import { importPrivateKey } from '../../../src/oci/signing/private-key.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import { anyRequest, createWorld, jwt, keyIdOf, MINUTE, NOW } from './world.ts'

const ADVICE = { refused: 'Do this', policy: 'Allow that' }
const { key } = await importPrivateKey(keys.keys.rsa2048.pkcs8Pem)
const failure = new ApiError('upstream_auth_error', 'x', { reason: 'why' })

describe('renewingCredential()', () => {
  it('A13 gets one session for 1,000 requests whose token has ended', async () => {
    const { credential, opened, world } = setUp({ delay: 5 })
    world.pass(61 * MINUTE)
    const names = await Promise.all(Array.from({ length: 1_000 }, () => tokenOf(credential)))
    assert.deepEqual([...new Set(names)], ['1'])
    assert.equal(opened.length, 1)
  })

  it('A13 gets one session for 1,000 requests whose token was refused', async () => {
    const { credential, opened } = setUp({ delay: 5 })
    const again = () => tokenOf(credential, { renew: true })
    const names = await Promise.all(Array.from({ length: 1_000 }, again))
    assert.deepEqual([...new Set(names)], ['1'])
    // Others' refusals come late, when the new session is there.
    assert.equal(await again(), '1')
    assert.equal(opened.length, 1)
  })

  it('renews again when the renewed token is refused after a while', async () => {
    const { credential, world } = setUp()
    assert.equal(await tokenOf(credential, { renew: true }), '1')
    world.pass(10_000)
    assert.equal(await tokenOf(credential, { renew: true }), '2')
  })

  it('uses a session for half of its life', async () => {
    const { credential, opened, world } = setUp()
    world.pass(30 * MINUTE - 1)
    assert.equal(await tokenOf(credential), '0')
    assert.equal(opened.length, 0)
  })

  it('renews in the second half while the old session serves', async () => {
    const { credential, opened, world } = setUp({ delay: 5 })
    world.pass(30 * MINUTE)
    assert.deepEqual(await Promise.all([tokenOf(credential), tokenOf(credential)]), ['0', '0'])
    await sleep(20)
    assert.equal(await tokenOf(credential), '1')
    assert.equal(opened.length, 1)
  })

  it('has a new session a minute before the old one ends', async () => {
    const { credential, world } = setUp({ delay: 5 })
    world.pass(59 * MINUTE)
    assert.equal(await tokenOf(credential), '1')
  })

  it('signs to the end with the session a request began with', async () => {
    const { credential, world } = setUp({ lives: [60, 60] })
    const before = credential(anyRequest())
    world.pass(59 * MINUTE)
    const after = credential(anyRequest())
    assert.deepEqual([keyName(await before), keyName(await after)], ['0', '1'])
  })

  it('A14 keeps the old session when a renewal fails, and says so', async () => {
    const { credential, world } = setUp({ fails: true })
    world.pass(57 * MINUTE)
    assert.equal(await tokenOf(credential), '0')
    await sleep(5)
    const line = { level: 'warn', event: 'token_not_renewed', reason: 'why' }
    assert.deepEqual(world.lines, [{ ...line, secondsLeft: 180 }])
  })

  it('A14 keeps the old session to its very end', async () => {
    const { credential, world } = setUp({ fails: true })
    world.pass(60 * MINUTE - 1)
    assert.equal(await tokenOf(credential), '0')
    world.pass(1)
    await assert.rejects(tokenOf(credential), failure)
  })

  it('A14 is ready while its session lasts, and not when there is no other', async () => {
    const { credential, opened, world } = setUp({ fails: true })
    world.pass(60 * MINUTE - 1)
    assert.deepEqual([await credential.isReady?.(), opened.length], [true, 0])
    world.pass(1)
    assert.deepEqual([await credential.isReady?.(), opened.length], [false, 1])
    // Probes cost the auth service no more than requests do.
    assert.deepEqual([await credential.isReady?.(), opened.length], [false, 1])
  })

  it('A14 gets ready again by being asked whether it is', async () => {
    const { credential, world } = setUp()
    world.pass(61 * MINUTE)
    assert.equal(await credential.isReady?.(), true)
    assert.equal(await tokenOf(credential), '1')
  })

  it('is ready with a token that does not say when it ends', async () => {
    const { credential, opened } = setUp({ lives: [undefined] })
    assert.deepEqual([await credential.isReady?.(), opened.length], [true, 0])
  })

  it('tries a renewal that can wait every ten seconds', async () => {
    const { credential, opened, world } = setUp({ fails: true })
    world.pass(40 * MINUTE)
    for (const seconds of [0, 0, 5, 5, 9, 1]) {
      world.pass(seconds * 1000)
      assert.equal(await tokenOf(credential), '0')
      await sleep(1)
    }
    assert.equal(opened.length, 3)
  })

  it('remembers a failure for a second', async () => {
    const { credential, opened, world } = setUp({ fails: true })
    world.pass(60 * MINUTE)
    const all = Array.from({ length: 1_000 }, () => tokenOf(credential))
    const results = await Promise.allSettled(all)
    assert.ok(results.every((result) => result.status === 'rejected' && result.reason === failure))
    world.pass(999)
    await assert.rejects(tokenOf(credential), failure)
    assert.equal(opened.length, 1)
    world.pass(1)
    await assert.rejects(tokenOf(credential), failure)
    assert.equal(opened.length, 2)
  })

  it('forgets a failure when the clock is set back', async () => {
    const { credential, opened, world } = setUp({ fails: true, lives: [1] })
    world.pass(60 * MINUTE)
    await assert.rejects(tokenOf(credential), failure)
    world.pass(-30 * MINUTE)
    await assert.rejects(tokenOf(credential), failure)
    assert.equal(opened.length, 2)
  })

  it('does not go on with a token that was refused when there is no new one', async () => {
    const { credential } = setUp({ fails: true })
    await assert.rejects(tokenOf(credential, { renew: true }), failure)
  })

  it('waits for no other request where promises are not shared', async () => {
    const { credential, opened, world } = setUp({ delay: 5, sharePromises: false })
    world.pass(61 * MINUTE)
    const names = await Promise.all([tokenOf(credential), tokenOf(credential)])
    // Each has got its own, and the result of one is there for all that come later.
    assert.deepEqual(names, ['1', '2'])
    assert.equal(await tokenOf(credential), '2')
    assert.equal(opened.length, 2)
  })

  it('lets one request wait for a renewal that can wait', async () => {
    const { credential, opened, world } = setUp({ delay: 5, sharePromises: false })
    world.pass(40 * MINUTE)
    assert.deepEqual(await Promise.all([tokenOf(credential), tokenOf(credential)]), ['1', '0'])
    assert.equal(await tokenOf(credential), '1')
    assert.equal(opened.length, 1)
  })

  it('lets that request go on when the renewal fails', async () => {
    const { credential, world } = setUp({ fails: true, sharePromises: false })
    world.pass(40 * MINUTE)
    assert.equal(await tokenOf(credential), '0')
  })

  it('keeps no token that does not say when it ends, and warns of it', async () => {
    const { credential, world } = setUp({ lives: [undefined, undefined] })
    assert.deepEqual([await tokenOf(credential), await tokenOf(credential)], ['1', '2'])
    assert.deepEqual(world.lines, [{ level: 'warn', event: 'token_without_expiry' }])
  })

  it('says that it can be renewed, and what to do when it is refused', () => {
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
    it(`renews a token of ${name} in time`, () => {
      const session = sessionOf('x', minutes)
      assert.deepEqual(
        [session.renewAt, session.staleAt, session.endsAt],
        [renewAt, staleAt, minutes].map((minute) => NOW + minute * MINUTE),
      )
    })
  }

  it('counts from the moment it got a token that does not say when it was made', () => {
    const token = decodeToken(jwt({ iat: undefined }), 'it')
    assert.equal(createSession(token, key, NOW + 20 * MINUTE).renewAt, NOW + 40 * MINUTE)
  })

  it('A12 signs with the token as key id', async () => {
    const { token, sign } = sessionOf('x')
    assert.equal(keyIdOf(await sign(anyRequest())), `ST$${token.text}`)
  })
})

interface Script {
  /** Milliseconds until a session is there. */
  delay?: number
  fails?: boolean
  sharePromises?: boolean
  /** Minutes that each session lasts, the first one first; an hour unless it says else. */
  lives?: (number | undefined)[]
}

/** A credential whose sessions are called 0, 1, 2 and so on. */
function setUp({ delay, fails, sharePromises = true, lives = [60] }: Script = {}) {
  const world = createWorld(undefined, { sharePromises })
  const opened: Session[] = []
  const open = async (current: Session): Promise<Session> => {
    opened.push(current)
    const number = opened.length
    if (delay !== undefined) await sleep(delay)
    if (fails) throw failure
    const life = number in lives ? lives[number] : 60
    return sessionOf(String(number), life, world.clock.now())
  }
  const credential = renewingCredential(sessionOf('0', lives[0]), open, world, ADVICE)
  return { credential, opened, world }
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
