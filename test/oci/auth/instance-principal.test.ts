import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { delegationToken } from '../../../src/oci/auth/delegation-token.ts'
import { instancePrincipal } from '../../../src/oci/auth/instance-principal.ts'
import type { AuthDependencies } from '../../../src/oci/auth/dependencies.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import vector from '../../vectors/federation-x509.json' with { type: 'json' }
import {
  type Answer,
  anyRequest,
  createFixture,
  jwt,
  keyIdOf,
  MINUTE,
  NOW,
  tokenReply,
} from './fixture.ts'
import { withFakeClock } from '../../fake-clock.ts'

const { imdsResponses, leaf } = vector
const METADATA = 'http://169.254.169.254/opc/v2/'
const OBO = '/etc/oci/delegation_token'
const REGION_INFO = {
  realmKey: 'OC99',
  realmDomainComponent: 'oraclecloud99.com',
  regionKey: 'XYZ',
  regionIdentifier: 'xx-new-1',
}

describe('instancePrincipal()', () => {
  it('A15 exchanges the certificate of the instance for a token', async () => {
    const { fixture, calls } = setUp()
    const { credential, tenancy, region, source } = await instancePrincipal(fixture)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${calls.tokens[0]}`)
    assert.deepEqual(
      [tenancy, region?.id, source],
      [leaf.tenancy, 'us-phoenix-1', 'the instance principal'],
    )
    const [federation] = calls.federations()
    assert.equal(federation?.url, 'https://auth.us-phoenix-1.oraclecloud.com/v1/x509')
    assert.ok(federation.headers['authorization']?.includes(`keyId="${vector.keyId}"`))
    assert.equal(federation.headers['date'], new Date(NOW).toUTCString())
  })

  it('A15 sends the required header to the metadata service, once for each path', async () => {
    const { fixture } = setUp()
    await instancePrincipal(fixture)
    const asked = fixture.calls.filter(({ url }) => url.startsWith(METADATA))
    assert.deepEqual(
      asked.map(({ url, headers }) => [url.slice(METADATA.length), headers['authorization']]),
      [
        'instance/regionInfo',
        'instance/region',
        'identity/cert.pem',
        'identity/key.pem',
        'identity/intermediate.pem',
      ].map((path) => [path, 'Bearer Oracle']),
    )
  })

  it('A15 A21 reads realm and domain from the metadata', async () => {
    const { fixture, calls } = setUp({ 'instance/regionInfo': JSON.stringify(REGION_INFO) })
    const { region } = await instancePrincipal(fixture)
    assert.deepEqual([region?.id, region?.domain], ['xx-new-1', 'oraclecloud99.com'])
    assert.equal(calls.federations()[0]?.url, 'https://auth.xx-new-1.oraclecloud99.com/v1/x509')
  })

  it('A15 reads the certificate again for each token', async () => {
    const { fixture, calls } = setUp()
    const { credential } = await instancePrincipal(fixture)
    fixture.advance(60 * MINUTE)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${calls.tokens[1]}`)
    assert.equal(fixture.calls.filter(({ url }) => url.endsWith('cert.pem')).length, 2)
    const [before, after] = calls.federations().map(({ body }) => JSON.parse(body).publicKey)
    assert.notEqual(before, after)
  })

  it('A15 uses the current certificate', async () => {
    const { fixture, calls, answers } = setUp()
    const { credential } = await instancePrincipal(fixture)
    answers['identity/cert.pem'] = await certificateOf('rotated')
    answers['identity/key.pem'] = keys.keys.rsa2048.pkcs1Pem
    await credential(anyRequest({ renew: true }))
    const [before, after] = calls.federations().map(({ headers }) => keyIdOf(headers))
    assert.equal(before, vector.keyId)
    assert.match(after ?? '', new RegExp(`^${leaf.tenancy}/fed-x509/`))
    assert.notEqual(after, before)
  })

  it('rejects a certificate of another tenancy', async () => {
    const { fixture, answers } = setUp()
    const { credential } = await instancePrincipal(fixture)
    answers['identity/cert.pem'] = await certificateOf('other-tenancy')
    answers['identity/key.pem'] = keys.keys.rsa2048.pkcs1Pem
    await assert.rejects(credential(anyRequest({ renew: true })), {
      code: 'upstream_auth_error',
      reason: 'other_tenancy',
    })
  })

  it('retries until a new instance has its certificate', async () => {
    let reads = 0
    const missing = () => new Response('', { status: 404 })
    const { fixture } = setUp({
      'identity/cert.pem': () => ++reads === 1 ? missing() : new Response(imdsResponses.certPem),
    })
    assert.equal((await instancePrincipal(fixture)).tenancy, leaf.tenancy)
  })

  it('reads certificate and key again until they match', async () => {
    let reads = 0
    const key = () => new Response(++reads < 3 ? keys.keys.rsa2048.pkcs1Pem : imdsResponses.keyPem)
    const { fixture } = setUp({ 'identity/key.pem': key })
    await instancePrincipal(fixture)
    assert.equal(reads, 3)
  })

  it('reads the endpoints from the environment', async () => {
    const environment = {
      OCI_METADATA_BASE_URL: 'http://127.0.0.1:9/opc/v2/',
      OCI_AUTH_ENDPOINT: 'http://127.0.0.1:8/auth',
      OCI_INSTANCE_PRINCIPAL_FINGERPRINT: 'SHA256',
    }
    const { fixture, calls } = setUp({}, { environment })
    await instancePrincipal(fixture)
    assert.equal(fixture.calls[0]?.url, 'http://127.0.0.1:9/opc/v2/instance/regionInfo')
    assert.equal(calls.federations()[0]?.url, 'http://127.0.0.1:8/auth/v1/x509')
    assert.match(calls.federations()[0]?.headers['authorization'] ?? '', /fed-x509-sha256/)
  })

  it("accepts the variable of Oracle's Go SDK for the auth service", async () => {
    const environment = { OCI_SDK_AUTH_CLIENT_REGION_URL: 'http://127.0.0.1:8' }
    const { fixture, calls } = setUp({}, { environment })
    await instancePrincipal(fixture)
    assert.equal(calls.federations()[0]?.url, 'http://127.0.0.1:8/v1/x509')
  })

  it('A15 fails within five seconds outside of OCI', () =>
    withFakeClock(async (clock) => {
      const fixture = createFixture(undefined, { platform: silentPlatform() })
      const [error] = await Promise.all([
        instancePrincipal(fixture).catch((thrown: unknown) => thrown),
        clock.advance(5_000),
      ])
      assert.ok(error instanceof ApiError)
      assert.equal(error.code, 'upstream_auth_error')
      assert.equal(error.reason, 'not_on_oci')
      assert.equal(
        error.message,
        "Cannot read the instance's metadata: no response within 2 seconds from " +
          '"169.254.169.254". Outside of an OCI compute instance, unset OCI_AUTH and use an API key: ' +
          '"oci setup config". Behind a proxy, set NO_PROXY=169.254.169.254',
      )
    }))

  it('A15 fails at once if the connection is refused', async () => {
    await assert.rejects(instancePrincipal(createFixture()), {
      code: 'upstream_auth_error',
      reason: 'not_on_oci',
    })
  })

  it('reports a rejection by the auth service', async () => {
    const refusal = () =>
      Response.json({ code: 'NotAuthenticated', message: 'No.' }, { status: 401 })
    const { fixture } = setUp({}, {}, refusal)
    await assert.rejects(instancePrincipal(fixture), {
      code: 'upstream_auth_error',
      reason: 'NotAuthenticated',
      message:
        'Cannot get a token for the instance: "auth.us-phoenix-1.oraclecloud.com" answered ' +
        "401, NotAuthenticated, No. OCI rejected the instance's certificate. Check its clock with " +
        '"timedatectl", or try OCI_INSTANCE_PRINCIPAL_FINGERPRINT=SHA256',
    })
  })

  const unusable: [name: string, answers: Answers, reason: string][] = [
    ['no certificate', { 'identity/cert.pem': 'no certificate' }, 'bad_certificate'],
    ['a web page', { 'identity/cert.pem': '<html>' }, 'metadata_page'],
    [
      'the certificate of an authority',
      { 'identity/cert.pem': imdsResponses.intermediatePem },
      'key_mismatch',
    ],
    [
      'the key of another certificate',
      { 'identity/key.pem': keys.keys.rsa2048.pkcs1Pem },
      'key_mismatch',
    ],
  ]
  for (const [name, answers, reason] of unusable) {
    it(`rejects ${name}`, async () => {
      const { fixture } = setUp(answers)
      await assert.rejects(instancePrincipal(fixture), { code: 'upstream_auth_error', reason })
    })
  }
})

describe('delegationToken()', () => {
  it('signs the delegation token with every request', async () => {
    const { fixture } = setUp({}, { texts: { [OBO]: 'a.b\n.c\n' } })
    const { credential, source } = await delegationToken(OBO, 'X', fixture)
    const headers = await credential(anyRequest())
    assert.equal(headers['opc-obo-token'], 'a.b.c')
    assert.match(headers['authorization'] ?? '', / host opc-obo-token content-type /)
    assert.equal(source, 'X')
  })

  it('reads the delegation token with each renewal and before it expires', async () => {
    const [first, second] = [jwt({ exp: NOW / 1000 + 600 }), jwt()]
    const { fixture, calls } = setUp({}, { texts: { [OBO]: first } })
    const { credential } = await delegationToken(OBO, 'X', fixture)
    fixture.texts.set(OBO, second)
    fixture.advance(9 * MINUTE)
    assert.equal((await credential(anyRequest()))['opc-obo-token'], second)
    assert.equal(calls.federations().length, 2)
  })

  for (
    const [name, text, reason] of [['a missing file', undefined, 'delegation_token_missing'], [
      'an empty file',
      '\n',
      'bad_token',
    ]] as const
  ) {
    it(`rejects ${name}`, async () => {
      const { fixture } = setUp({}, text === undefined ? {} : { texts: { [OBO]: text } })
      await assert.rejects(delegationToken(OBO, 'X', fixture), {
        code: 'configuration_error',
        reason,
      })
    })
  }
})

type Answers = Record<string, string | (() => Response)>

/** An instance whose metadata service gives these answers, and an auth service. */
function setUp(
  answers: Answers = {},
  part: Partial<AuthDependencies> & { texts?: Record<string, string> } = {},
  refusal?: Answer,
) {
  const metadata: Answers = {
    'instance/region': ` ${imdsResponses.region}\n`,
    'identity/cert.pem': imdsResponses.certPem,
    'identity/key.pem': imdsResponses.keyPem,
    'identity/intermediate.pem': imdsResponses.intermediatePem,
    ...answers,
  }
  const tokens: string[] = []
  const fixture = createFixture((call, number) => {
    const path = /\/opc\/v2\/(.*)$/.exec(call.url)?.[1]
    if (path === undefined) {
      if (refusal) return refusal(call, number)
      const seconds = fixture.clock.now() / 1000
      tokens.push(jwt({ sub: String(tokens.length), iat: seconds, exp: seconds + 3600 }))
      return tokenReply(tokens.at(-1) ?? '')
    }
    const text = metadata[path]
    if (text === undefined) return new Response('', { status: 404 })
    return typeof text === 'string' ? new Response(text) : text()
  }, part)
  const federations = () => fixture.calls.filter(({ url }) => url.endsWith('/v1/x509'))
  return { fixture, calls: { tokens, federations }, answers: metadata }
}

function certificateOf(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/instances/${name}.pem`, import.meta.url), 'utf8')
}

/** A network that never answers, like the link-local address outside of OCI. */
function silentPlatform(): AuthDependencies['platform'] {
  return {
    fetch: (_, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    log: () => {},
  }
}
