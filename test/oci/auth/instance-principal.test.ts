import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { delegationToken } from '../../../src/oci/auth/delegation-token.ts'
import { instancePrincipal } from '../../../src/oci/auth/instance-principal.ts'
import type { AuthMeans } from '../../../src/oci/auth/means.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import vector from '../../vectors/federation-x509.json' with { type: 'json' }
import {
  type Answer,
  anyRequest,
  createWorld,
  jwt,
  keyIdOf,
  MINUTE,
  NOW,
  tokenReply,
} from './world.ts'
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
    const { world, calls } = setUp()
    const { credential, tenancy, region, source } = await instancePrincipal(world)
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

  it('A15 says who it is to the metadata service, and asks once', async () => {
    const { world } = setUp()
    await instancePrincipal(world)
    const asked = world.seen.filter(({ url }) => url.startsWith(METADATA))
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

  it('A15 A21 takes realm and domain from the metadata', async () => {
    const { world, calls } = setUp({ 'instance/regionInfo': JSON.stringify(REGION_INFO) })
    const { region } = await instancePrincipal(world)
    assert.deepEqual([region?.id, region?.domain], ['xx-new-1', 'oraclecloud99.com'])
    assert.equal(calls.federations()[0]?.url, 'https://auth.xx-new-1.oraclecloud99.com/v1/x509')
  })

  it('A15 reads the certificate again for each token', async () => {
    const { world, calls } = setUp()
    const { credential } = await instancePrincipal(world)
    world.pass(60 * MINUTE)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${calls.tokens[1]}`)
    assert.equal(world.seen.filter(({ url }) => url.endsWith('cert.pem')).length, 2)
    const [before, after] = calls.federations().map(({ body }) => JSON.parse(body).publicKey)
    assert.notEqual(before, after)
  })

  it('A15 proves itself with the certificate that is there now', async () => {
    const { world, calls, answers } = setUp()
    const { credential } = await instancePrincipal(world)
    answers['identity/cert.pem'] = await certificateOf('rotated')
    answers['identity/key.pem'] = keys.keys.rsa2048.pkcs1Pem
    await credential(anyRequest({ renew: true }))
    const [before, after] = calls.federations().map(({ headers }) => keyIdOf(headers))
    assert.equal(before, vector.keyId)
    assert.match(after ?? '', new RegExp(`^${leaf.tenancy}/fed-x509/`))
    assert.notEqual(after, before)
  })

  it('does not become an instance of another tenancy', async () => {
    const { world, answers } = setUp()
    const { credential } = await instancePrincipal(world)
    answers['identity/cert.pem'] = await certificateOf('other-tenancy')
    answers['identity/key.pem'] = keys.keys.rsa2048.pkcs1Pem
    await assert.rejects(credential(anyRequest({ renew: true })), {
      code: 'upstream_auth_error',
      reason: 'other_tenancy',
    })
  })

  it('waits for the certificate of an instance that has just been made', async () => {
    let reads = 0
    const missing = () => new Response('', { status: 404 })
    const { world } = setUp({
      'identity/cert.pem': () => ++reads === 1 ? missing() : new Response(imdsResponses.certPem),
    })
    assert.equal((await instancePrincipal(world)).tenancy, leaf.tenancy)
  })

  it('reads certificate and key again until they belong together', async () => {
    let reads = 0
    const key = () => new Response(++reads < 3 ? keys.keys.rsa2048.pkcs1Pem : imdsResponses.keyPem)
    const { world } = setUp({ 'identity/key.pem': key })
    await instancePrincipal(world)
    assert.equal(reads, 3)
  })

  it('takes the addresses of the environment', async () => {
    const environment = {
      OCI_METADATA_BASE_URL: 'http://127.0.0.1:9/opc/v2/',
      OCI_AUTH_ENDPOINT: 'http://127.0.0.1:8/auth',
      OCI_INSTANCE_PRINCIPAL_FINGERPRINT: 'SHA256',
    }
    const { world, calls } = setUp({}, { environment })
    await instancePrincipal(world)
    assert.equal(world.seen[0]?.url, 'http://127.0.0.1:9/opc/v2/instance/regionInfo')
    assert.equal(calls.federations()[0]?.url, 'http://127.0.0.1:8/auth/v1/x509')
    assert.match(calls.federations()[0]?.headers['authorization'] ?? '', /fed-x509-sha256/)
  })

  it("takes the auth service's address by the name of Oracle's Go SDK, too", async () => {
    const environment = { OCI_SDK_AUTH_CLIENT_REGION_URL: 'http://127.0.0.1:8' }
    const { world, calls } = setUp({}, { environment })
    await instancePrincipal(world)
    assert.equal(calls.federations()[0]?.url, 'http://127.0.0.1:8/v1/x509')
  })

  it('A15 says within five seconds that this is not OCI', () =>
    withFakeClock(async (clock) => {
      const world = createWorld(undefined, { platform: silentPlatform() })
      const [refused] = await Promise.all([
        instancePrincipal(world).catch((error: unknown) => error),
        clock.advance(5_000),
      ])
      assert.ok(refused instanceof ApiError)
      assert.equal(refused.code, 'upstream_auth_error')
      assert.equal(refused.reason, 'not_on_oci')
      assert.equal(
        refused.message,
        "Cannot read the instance's metadata: no answer within 2 seconds from " +
          '"169.254.169.254". Is this an OCI compute instance? Elsewhere unset OCI_AUTH and use an ' +
          'API key: "oci setup config". Behind a proxy set NO_PROXY=169.254.169.254',
      )
    }))

  it('A15 says at once that nobody listens there', async () => {
    await assert.rejects(instancePrincipal(createWorld()), {
      code: 'upstream_auth_error',
      reason: 'not_on_oci',
    })
  })

  it('tells what the auth service refuses', async () => {
    const refusal = () =>
      Response.json({ code: 'NotAuthenticated', message: 'No.' }, { status: 401 })
    const { world } = setUp({}, {}, refusal)
    await assert.rejects(instancePrincipal(world), {
      code: 'upstream_auth_error',
      reason: 'NotAuthenticated',
      message:
        'Cannot get a token for the instance: "auth.us-phoenix-1.oraclecloud.com" answered ' +
        "401, NotAuthenticated, No. The instance's certificate was refused: check its clock with " +
        '"timedatectl", or try OCI_INSTANCE_PRINCIPAL_FINGERPRINT=SHA256',
    })
  })

  const unusable: [name: string, answers: Answers, reason: string][] = [
    ['no certificate', { 'identity/cert.pem': '<html>' }, 'bad_certificate'],
    [
      'a certificate of nobody',
      { 'identity/cert.pem': imdsResponses.intermediatePem },
      'key_mismatch',
    ],
    ['a key of another', { 'identity/key.pem': keys.keys.rsa2048.pkcs1Pem }, 'key_mismatch'],
  ]
  for (const [name, answers, reason] of unusable) {
    it(`refuses ${name}`, async () => {
      const { world } = setUp(answers)
      await assert.rejects(instancePrincipal(world), { code: 'upstream_auth_error', reason })
    })
  }
})

describe('delegationToken()', () => {
  it('signs the token of the user with every request', async () => {
    const { world } = setUp({}, { texts: { [OBO]: 'a.b\n.c\n' } })
    const { credential, source } = await delegationToken(OBO, 'X', world)
    const headers = await credential(anyRequest())
    assert.equal(headers['opc-obo-token'], 'a.b.c')
    assert.match(headers['authorization'] ?? '', / host opc-obo-token content-type /)
    assert.equal(source, 'X')
  })

  it('reads it again with each token, and before it ends', async () => {
    const [first, second] = [jwt({ exp: NOW / 1000 + 600 }), jwt()]
    const { world, calls } = setUp({}, { texts: { [OBO]: first } })
    const { credential } = await delegationToken(OBO, 'X', world)
    world.texts.set(OBO, second)
    world.pass(9 * MINUTE)
    assert.equal((await credential(anyRequest()))['opc-obo-token'], second)
    assert.equal(calls.federations().length, 2)
  })

  for (
    const [name, text, reason] of [['no file', undefined, 'delegation_token_missing'], [
      'an empty one',
      '\n',
      'bad_token',
    ]] as const
  ) {
    it(`refuses ${name}`, async () => {
      const { world } = setUp({}, text === undefined ? {} : { texts: { [OBO]: text } })
      await assert.rejects(delegationToken(OBO, 'X', world), {
        code: 'configuration_error',
        reason,
      })
    })
  }
})

type Answers = Record<string, string | (() => Response)>

/** An instance with these answers of its metadata service, and an auth service. */
function setUp(
  answers: Answers = {},
  part: Partial<AuthMeans> & { texts?: Record<string, string> } = {},
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
  const world = createWorld((call, number) => {
    const path = /\/opc\/v2\/(.*)$/.exec(call.url)?.[1]
    if (path === undefined) {
      if (refusal) return refusal(call, number)
      const seconds = world.clock.now() / 1000
      tokens.push(jwt({ sub: String(tokens.length), iat: seconds, exp: seconds + 3600 }))
      return tokenReply(tokens.at(-1) ?? '')
    }
    const text = metadata[path]
    if (text === undefined) return new Response('', { status: 404 })
    return typeof text === 'string' ? new Response(text) : text()
  }, part)
  const federations = () => world.seen.filter(({ url }) => url.endsWith('/v1/x509'))
  return { world, calls: { tokens, federations }, answers: metadata }
}

function certificateOf(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/instances/${name}.pem`, import.meta.url), 'utf8')
}

/** A network on which nobody ever answers, as on a link-local address elsewhere. */
function silentPlatform(): AuthMeans['platform'] {
  return {
    fetch: (_, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    log: () => {},
  }
}
