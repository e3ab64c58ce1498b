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
  createFixture,
  type Fixture,
  jwt,
  keyIdOf,
  MINUTE,
  NOW,
  tokenReply,
} from './fixture.ts'

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
  it('A12 signs with the token in the file', async () => {
    const fixture = setUp({ [TOKEN]: `${FIRST}\n` })
    const { credential, tenancy, region, source } = await open(fixture)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${FIRST}`)
    assert.deepEqual(
      [tenancy, region?.id, source],
      ['ocid1.tenancy.oc1..aaaa', 'us-chicago-1', NAME],
    )
    assert.equal(fixture.calls.length, 0)
  })

  it('reads the tenancy from the token when the profile has none', async () => {
    const profile = PROFILE.filter((line) => !line.startsWith('tenancy')).join('\n')
    const fixture = setUp({ [TOKEN]: jwt({ tenant: 'ocid1.tenancy.oc1..b' }), [CONFIG]: profile })
    assert.equal((await open(fixture)).tenancy, 'ocid1.tenancy.oc1..b')
  })

  it("A12 renews the token like Oracle's SDK", async () => {
    const { request } = vector
    const { currentToken } = JSON.parse(request.body)
    const fixture = setUp({ [TOKEN]: currentToken }, () => tokenReply(SECOND))
    fixture.advance(Date.parse(request.headers['x-date']) - NOW)
    const { credential } = await open(fixture)
    assert.equal(keyIdOf(await credential(anyRequest({ renew: true }))), `ST$${SECOND}`)
    const [call] = fixture.calls
    assert.deepEqual([call?.method, call?.url, call?.body], ['POST', request.url, request.body])
    assert.deepEqual(call?.headers, {
      'authorization': request.headers.authorization
        .replace('Content-Type Content-Length', 'content-type content-length'),
      'content-type': 'application/json',
      'x-content-sha256': request.headers['x-content-sha256'],
      'x-date': request.headers['x-date'],
    })
  })

  it('A12 renews the token before it expires, without writing it to the file', async () => {
    const fixture = setUp({ [TOKEN]: FIRST }, () => tokenReply(SECOND))
    const { credential } = await open(fixture)
    fixture.advance(59 * MINUTE)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${SECOND}`)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${SECOND}`)
    assert.equal(fixture.texts.get(TOKEN), FIRST)
  })

  it('renews from its latest token, not from the one in the file', async () => {
    const fixture = setUp({ [TOKEN]: FIRST }, renewing)
    const { credential } = await open(fixture)
    fixture.advance(59 * MINUTE)
    await credential(anyRequest())
    fixture.advance(59 * MINUTE)
    await credential(anyRequest())
    const [first, second] = fixture.calls.map(({ body }) => JSON.parse(body).currentToken)
    assert.equal(first, FIRST)
    assert.notEqual(second, FIRST)
  })

  it('writes the new token back if write-back is on', async () => {
    const environment = { OCI_SESSION_WRITE_BACK: 'true' }
    const fixture = setUp({ [TOKEN]: FIRST }, () => tokenReply(SECOND), environment)
    const { credential } = await open(fixture)
    await credential(anyRequest({ renew: true }))
    assert.equal(fixture.texts.get(TOKEN), SECOND)
  })

  it('does not mistake its own write for that of another process', async () => {
    const environment = { OCI_SESSION_WRITE_BACK: 'TRUE' }
    const fixture = setUp({ [TOKEN]: FIRST }, renewing, environment)
    const { credential } = await open(fixture)
    for (const [index] of [FIRST, SECOND].entries()) {
      fixture.advance(30_000)
      await credential(anyRequest({ renew: true }))
      assert.equal(fixture.calls.length, index + 1)
    }
  })

  it('uses a token that cannot be written back', async () => {
    const environment = { OCI_SESSION_WRITE_BACK: 'true' }
    const fixture = setUp({ [TOKEN]: FIRST }, () => tokenReply(SECOND), environment)
    fixture.files.write = () => Promise.reject(new Error('EROFS'))
    const { credential } = await open(fixture)
    assert.equal(keyIdOf(await credential(anyRequest({ renew: true }))), `ST$${SECOND}`)
    assert.deepEqual(fixture.lines, [{ level: 'warn', event: 'session_token_not_written' }])
  })

  it('A12 uses the token and key that another process wrote', async () => {
    const fixture = setUp({ [TOKEN]: FIRST })
    const { credential } = await open(fixture)
    fixture.texts.set(TOKEN, SECOND).set(KEY, rsa3072.pkcs8Pem)
    const { authorization } = await credential(anyRequest({ renew: true }))
    assert.equal(keyIdOf({ authorization: authorization ?? '' }), `ST$${SECOND}`)
    // 384 bytes: a signature by the new key.
    assert.match(authorization ?? '', /signature="[\w+/]{512}"/)
    assert.equal(fixture.calls.length, 0)
  })

  it('A12 uses a new login after the session has expired', async () => {
    const fixture = setUp({ [TOKEN]: FIRST })
    const { credential } = await open(fixture)
    fixture.advance(60 * MINUTE)
    await assert.rejects(credential(anyRequest()), { reason: 'session_expired' })
    const seconds = fixture.clock.now() / 1000
    const again = jwt({ iat: seconds, exp: seconds + 3600 })
    fixture.texts.set(TOKEN, again)
    fixture.advance(1000)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${again}`)
  })

  it('reports a missing token file only after its session has expired', async () => {
    const fixture = setUp({ [TOKEN]: FIRST })
    const { credential } = await open(fixture)
    fixture.texts.delete(TOKEN)
    fixture.advance(60 * MINUTE - 1)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${FIRST}`)
    fixture.advance(1000)
    await assert.rejects(credential(anyRequest()), {
      code: 'upstream_auth_error',
      reason: 'session_token_missing',
      message: `Cannot use ${NAME}: there is no session token "${TOKEN}". Sign in with: ${LOGIN}`,
    })
  })

  it('waits for a token that is only partially written', async () => {
    const fixture = setUp({ [TOKEN]: FIRST.slice(0, 60) })
    setTimeout(() => fixture.texts.set(TOKEN, FIRST), 50)
    const { credential } = await open(fixture)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${FIRST}`)
  })

  it('waits for the key that the token was issued for', async () => {
    const token = jwt({ jwk: JSON.stringify({ n: await modulusOf(rsa2048.spkiDerBase64) }) })
    const fixture = setUp({ [TOKEN]: token, [KEY]: rsa3072.pkcs8Pem })
    setTimeout(() => fixture.texts.set(KEY, rsa2048.pkcs8Pem), 50)
    const { credential } = await open(fixture)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${token}`)
    await assert.rejects(open(setUp({ [TOKEN]: token, [KEY]: rsa3072.pkcs8Pem })), {
      code: 'upstream_auth_error',
      reason: 'key_mismatch',
      message: `Cannot use ${NAME}: the token was issued for another private key`,
    })
  })

  it('A12 names the login command for an expired session', async () => {
    const ended = jwt({ exp: NOW / 1000 })
    await assert.rejects(open(setUp({ [TOKEN]: ended })), {
      code: 'upstream_auth_error',
      reason: 'session_expired',
      message: `Cannot use the session of ${NAME}: it has expired. Sign in again with: ${LOGIN}`,
    })
  })

  it('A12 names the login command for a session that OCI does not renew', async () => {
    const refusal = () => Response.json({ code: 'NotAuthenticated' }, { status: 401 })
    const { credential } = await open(setUp({ [TOKEN]: FIRST }, refusal))
    await assert.rejects(credential(anyRequest({ renew: true })), {
      code: 'upstream_auth_error',
      reason: 'session_expired',
      message:
        /The session has expired\. Sign in again with: oci session authenticate --profile-name DEV/,
    })
  })

  it('names the login command when OCI rejects the token itself', async () => {
    const { credential } = await open(setUp({ [TOKEN]: FIRST }))
    assert.equal(
      credential.advice?.refused,
      `The session of ${NAME} has expired. Sign in again with: ${LOGIN}`,
    )
  })

  it('renews in the region of the login and serves models in another', async () => {
    const fixture = setUp({ [TOKEN]: FIRST }, () => tokenReply(SECOND), { OCI_REGION: 'fra,ord' })
    const { credential, region } = await open(fixture)
    await credential(anyRequest({ renew: true }))
    assert.equal(region?.id, 'eu-frankfurt-1')
    assert.match(fixture.calls[0]?.url ?? '', /^https:\/\/auth\.us-chicago-1\./)
  })

  it('uses a token without an expiry time until OCI rejects it', async () => {
    const endless = jwt({ exp: undefined })
    const fixture = setUp({ [TOKEN]: endless })
    const { credential } = await open(fixture)
    fixture.advance(60 * 24 * MINUTE)
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
      `there is no session token "${TOKEN}". Sign in with: ${LOGIN}`,
    ],
  ]
  for (const [name, lines, state] of missing) {
    it(`rejects a session without ${name}`, async () => {
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
): Fixture {
  return createFixture(answer, {
    environment: { OCI_PROFILE: 'DEV', ...environment },
    texts: { [CONFIG]: PROFILE.join('\n'), [KEY]: rsa2048.pkcs8Pem, ...texts },
  })
}

async function open(fixture: Fixture) {
  return await sessionProfile(await openSource(fixture.environment, fixture.files), fixture)
}

/** Returns tokens that are issued when the request for them was signed. */
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
