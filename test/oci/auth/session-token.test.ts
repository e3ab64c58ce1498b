import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuthDependencies } from '../../../src/oci/auth/dependencies.ts'
import { sessionProfile } from '../../../src/oci/auth/session-profile.ts'
import { openSource } from '../../../src/oci/auth/source.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import vector from '../../vectors/session-refresh.json' with { type: 'json' }
import {
  type Answer,
  anyRequest,
  createWorld,
  jwt,
  keyIdOf,
  MINUTE,
  NOW,
  tokenReply,
  type World,
} from './world.ts'

const CONFIG = '/home/me/.oci/config'
const TOKEN = '/home/me/.oci/sessions/DEV/token'
const KEY = '/home/me/.oci/sessions/DEV/oci_api_key.pem'
const { rsa2048, rsa3072 } = keys.keys
const PROFILE = [
  '[DEFAULT]',
  'user=ocid1.user.oc1..aaaa',
  '[DEV]',
  `fingerprint=${rsa2048.fingerprint}`,
  'key_file=~/.oci/sessions/DEV/oci_api_key.pem',
  'tenancy=ocid1.tenancy.oc1..aaaa',
  'region=us-chicago-1',
  'security_token_file=~/.oci/sessions/DEV/token',
]
const LOGIN = 'oci session authenticate --profile-name DEV --region us-chicago-1'
const NAME = `profile "DEV" of "${CONFIG}"`
const [FIRST, SECOND] = [jwt({ sub: '1' }), jwt({ sub: '2' })]

describe('sessionProfile()', () => {
  it('A12 signs with the token of the file', async () => {
    const world = setUp({ [TOKEN]: `${FIRST}\n` })
    const { credential, tenancy, region, source } = await open(world)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${FIRST}`)
    assert.deepEqual(
      [tenancy, region?.id, source],
      ['ocid1.tenancy.oc1..aaaa', 'us-chicago-1', NAME],
    )
    assert.equal(world.seen.length, 0)
  })

  it('takes the tenancy of the token when the profile has none', async () => {
    const profile = PROFILE.filter((line) => !line.startsWith('tenancy')).join('\n')
    const world = setUp({ [TOKEN]: jwt({ tenant: 'ocid1.tenancy.oc1..b' }), [CONFIG]: profile })
    assert.equal((await open(world)).tenancy, 'ocid1.tenancy.oc1..b')
  })

  it("A12 renews the token as Oracle's own SDK does", async () => {
    const { request } = vector
    const { currentToken } = JSON.parse(request.body)
    const world = setUp({ [TOKEN]: currentToken }, () => tokenReply(SECOND))
    world.pass(Date.parse(request.headers['x-date']) - NOW)
    const { credential } = await open(world)
    assert.equal(keyIdOf(await credential(anyRequest({ renew: true }))), `ST$${SECOND}`)
    const [call] = world.seen
    assert.deepEqual([call?.method, call?.url, call?.body], ['POST', request.url, request.body])
    assert.deepEqual(call?.headers, {
      'authorization': request.headers.authorization
        .replace('Content-Type Content-Length', 'content-type content-length'),
      'content-type': 'application/json',
      'x-content-sha256': request.headers['x-content-sha256'],
      'x-date': request.headers['x-date'],
    })
  })

  it('A12 renews the token in time, and keeps the new one to itself', async () => {
    const world = setUp({ [TOKEN]: FIRST }, () => tokenReply(SECOND))
    const { credential } = await open(world)
    world.pass(59 * MINUTE)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${SECOND}`)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${SECOND}`)
    assert.equal(world.texts.get(TOKEN), FIRST)
  })

  it('goes on from the token it got, not from the one in the file', async () => {
    const world = setUp({ [TOKEN]: FIRST }, renewing)
    const { credential } = await open(world)
    world.pass(59 * MINUTE)
    await credential(anyRequest())
    world.pass(59 * MINUTE)
    await credential(anyRequest())
    const [first, second] = world.seen.map(({ body }) => JSON.parse(body).currentToken)
    assert.equal(first, FIRST)
    assert.notEqual(second, FIRST)
  })

  it('writes the new token back when it is asked to', async () => {
    const environment = { OCI_SESSION_WRITE_BACK: 'true' }
    const world = setUp({ [TOKEN]: FIRST }, () => tokenReply(SECOND), environment)
    const { credential } = await open(world)
    await credential(anyRequest({ renew: true }))
    assert.equal(world.texts.get(TOKEN), SECOND)
  })

  it('does not take what it wrote for the work of another', async () => {
    const environment = { OCI_SESSION_WRITE_BACK: 'TRUE' }
    const world = setUp({ [TOKEN]: FIRST }, renewing, environment)
    const { credential } = await open(world)
    for (const [index] of [FIRST, SECOND].entries()) {
      world.pass(30_000)
      await credential(anyRequest({ renew: true }))
      assert.equal(world.seen.length, index + 1)
    }
  })

  it('uses a token that cannot be written back', async () => {
    const environment = { OCI_SESSION_WRITE_BACK: 'true' }
    const world = setUp({ [TOKEN]: FIRST }, () => tokenReply(SECOND), environment)
    world.files.write = () => Promise.reject(new Error('EROFS'))
    const { credential } = await open(world)
    assert.equal(keyIdOf(await credential(anyRequest({ renew: true }))), `ST$${SECOND}`)
    assert.deepEqual(world.lines, [{ level: 'warn', event: 'session_token_not_written' }])
  })

  it('A12 takes what another process left in the file, with its key', async () => {
    const world = setUp({ [TOKEN]: FIRST })
    const { credential } = await open(world)
    world.texts.set(TOKEN, SECOND).set(KEY, rsa3072.pkcs8Pem)
    const { authorization } = await credential(anyRequest({ renew: true }))
    assert.equal(keyIdOf({ authorization: authorization ?? '' }), `ST$${SECOND}`)
    // 384 bytes: the signature is of the new key.
    assert.match(authorization ?? '', /signature="[\w+/]{512}"/)
    assert.equal(world.seen.length, 0)
  })

  it('A12 takes up a session that was opened again after it had ended', async () => {
    const world = setUp({ [TOKEN]: FIRST })
    const { credential } = await open(world)
    world.pass(60 * MINUTE)
    await assert.rejects(credential(anyRequest()), { reason: 'session_expired' })
    const seconds = world.clock.now() / 1000
    const again = jwt({ iat: seconds, exp: seconds + 3600 })
    world.texts.set(TOKEN, again)
    world.pass(1000)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${again}`)
  })

  it('says that the token is gone once its session has ended', async () => {
    const world = setUp({ [TOKEN]: FIRST })
    const { credential } = await open(world)
    world.texts.delete(TOKEN)
    world.pass(60 * MINUTE - 1)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${FIRST}`)
    world.pass(1000)
    await assert.rejects(credential(anyRequest()), {
      code: 'upstream_auth_error',
      reason: 'session_token_missing',
      message: `Cannot use ${NAME}: there is no session token "${TOKEN}"`,
    })
  })

  it('waits for a token that is being written', async () => {
    const world = setUp({ [TOKEN]: FIRST.slice(0, 60) })
    setTimeout(() => world.texts.set(TOKEN, FIRST), 50)
    const { credential } = await open(world)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${FIRST}`)
  })

  it('waits for the key that the token was given for', async () => {
    const token = jwt({ jwk: JSON.stringify({ n: await modulusOf(rsa2048.spkiDerBase64) }) })
    const world = setUp({ [TOKEN]: token, [KEY]: rsa3072.pkcs8Pem })
    setTimeout(() => world.texts.set(KEY, rsa2048.pkcs8Pem), 50)
    const { credential } = await open(world)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${token}`)
    await assert.rejects(open(setUp({ [TOKEN]: token, [KEY]: rsa3072.pkcs8Pem })), {
      code: 'upstream_auth_error',
      reason: 'key_mismatch',
      message: `Cannot use ${NAME}: the private key is not the one the token was given for`,
    })
  })

  it('A12 says how to open a session that has ended', async () => {
    const ended = jwt({ exp: NOW / 1000 })
    await assert.rejects(open(setUp({ [TOKEN]: ended })), {
      code: 'upstream_auth_error',
      reason: 'session_expired',
      message: `Cannot use the session of ${NAME}: it has expired. Open it again: ${LOGIN}`,
    })
  })

  it('A12 says how to open a session that OCI does not renew', async () => {
    const refusal = () => Response.json({ code: 'NotAuthenticated' }, { status: 401 })
    const { credential } = await open(setUp({ [TOKEN]: FIRST }, refusal))
    await assert.rejects(credential(anyRequest({ renew: true })), {
      code: 'upstream_auth_error',
      reason: 'session_expired',
      message: /The session has ended\. Open it again: oci session authenticate --profile-name DEV/,
    })
  })

  it('advises the same when OCI refuses the token itself', async () => {
    const { credential } = await open(setUp({ [TOKEN]: FIRST }))
    assert.equal(
      credential.advice?.refused,
      `The session of ${NAME} has ended. Open it again: ${LOGIN}`,
    )
  })

  it('renews where the session was opened, and asks for models elsewhere', async () => {
    const world = setUp({ [TOKEN]: FIRST }, () => tokenReply(SECOND), { OCI_REGION: 'fra,ord' })
    const { credential, region } = await open(world)
    await credential(anyRequest({ renew: true }))
    assert.equal(region?.id, 'eu-frankfurt-1')
    assert.match(world.seen[0]?.url ?? '', /^https:\/\/auth\.us-chicago-1\./)
  })

  it('uses a token without an end until OCI refuses it', async () => {
    const endless = jwt({ exp: undefined })
    const world = setUp({ [TOKEN]: endless })
    const { credential } = await open(world)
    world.pass(60 * 24 * MINUTE)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${endless}`)
  })

  const missing: [name: string, lines: string[], message: string][] = [
    [
      'its settings',
      ['[DEV]', 'authentication_type=security_token'],
      'neither "security_token_file" nor OCI_CLI_SECURITY_TOKEN_FILE is set; neither "region" nor ' +
      'OCI_REGION nor OCI_CLI_REGION is set; neither "key_file" nor OCI_CLI_KEY_FILE nor ' +
      'OCI_CLI_KEY_CONTENT is set',
    ],
    [
      'its token',
      PROFILE,
      `there is no session token "${TOKEN}"`,
    ],
  ]
  for (const [name, lines, state] of missing) {
    it(`refuses a session without ${name}`, async () => {
      await assert.rejects(open(setUp({ [CONFIG]: lines.join('\n') })), {
        code: 'configuration_error',
        message: `Cannot use ${NAME}: ${state}`,
      })
    })
  }
})

function setUp(
  texts: Record<string, string>,
  answer?: Answer,
  environment: AuthDependencies['environment'] = {},
): World {
  return createWorld(answer, {
    environment: { OCI_PROFILE: 'DEV', ...environment },
    texts: { [CONFIG]: PROFILE.join('\n'), [KEY]: rsa2048.pkcs8Pem, ...texts },
  })
}

async function open(world: World) {
  return await sessionProfile(await openSource(world.environment, world.files), world)
}

/** Gives tokens that begin when the request for them was signed. */
function renewing({ headers }: { headers: Record<string, string> }): Response {
  const seconds = Date.parse(headers['x-date'] ?? '') / 1000
  return tokenReply(jwt({ iat: seconds, exp: seconds + 3600 }))
}

async function modulusOf(spkiBase64: string): Promise<string | undefined> {
  const der = Uint8Array.from(atob(spkiBase64), (character) => character.charCodeAt(0))
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('spki', der, rsa, true, ['verify'])
  return (await crypto.subtle.exportKey('jwk', key)).n
}
