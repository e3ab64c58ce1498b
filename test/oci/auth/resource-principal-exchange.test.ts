import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { resourcePrincipal } from '../../../src/oci/auth/resource-principal.ts'
import federation from '../../vectors/federation-x509.json' with { type: 'json' }
import keys from '../../vectors/keys.json' with { type: 'json' }
import {
  anyRequest,
  createFixture,
  type Fixture,
  jwt,
  keyIdOf,
  MINUTE,
  tokenReply,
} from './fixture.ts'

const P = 'OCI_RESOURCE_PRINCIPAL_'
const RESOURCE = 'ocid1.vault.oc1..aaaa'
const TENANCY = 'ocid1.tenancy.oc1..aaaa'
const OWN_KEY = {
  [`${P}RPT_ENDPOINT`]: 'https://vaults.example.com/',
  [`${P}RPST_ENDPOINT`]: 'https://auth.example.com',
  [`${P}RESOURCE_ID`]: RESOURCE,
  [`${P}TENANCY_ID`]: TENANCY,
  [`${P}PRIVATE_PEM`]: keys.keys.rsa2048.pkcs8Pem,
  [`${P}SECURITY_CONTEXT`]: 'ctx',
  [`${P}REGION`]: 'phx',
}
const SESSION = jwt({ sub: 'session', res_tenant: TENANCY })
const INSTANCE = jwt({ sub: 'instance' })
const RPT = { resourcePrincipalToken: 'rpt', servicePrincipalSessionToken: 'spst' }

const versions: [version: string, keyId: string, path: string, context: string | undefined][] = [
  ['2.1', `resource/v2.1/${RESOURCE}`, 'resourcePrincipalTokenV2', undefined],
  ['2.1.1', `resource/v2.1.1/${TENANCY}/${RESOURCE}`, 'resourcePrincipalTokenV2', undefined],
  ['2.1.2', `resource/v2.1.2/${TENANCY}/${RESOURCE}`, 'resourcePrincipalTokenV212', 'ctx'],
]

describe('exchangedResourcePrincipal()', () => {
  for (const [version, keyId, path, context] of versions) {
    it(`A16 makes both calls with the key of the resource in version ${version}`, async () => {
      const fixture = setUp({ ...OWN_KEY, [`${P}VERSION`]: version })
      const { credential, tenancy, region } = await resourcePrincipal(fixture)
      assert.equal(keyIdOf(await credential(anyRequest())), `ST$${SESSION}`)
      assert.deepEqual([tenancy, region?.id], [TENANCY, 'us-phoenix-1'])
      const [first, second] = fixture.calls
      assert.equal(first?.url, `https://vaults.example.com/20180711/${path}/${RESOURCE}`)
      assert.equal(second?.url, 'https://auth.example.com/v1/resourcePrincipalSessionToken')
      assert.deepEqual([first, second].map((call) => keyIdOf(call?.headers ?? {})), [keyId, keyId])
      assert.equal(first?.headers['security-context'], context)
      const { sessionPublicKey, ...rest } = JSON.parse(second?.body ?? '')
      assert.deepEqual(rest, RPT)
      assert.match(sessionPublicKey, /^MIIBIjAN[\w+/]+==$|^MIIBIjAN[\w+/=]+$/)
    })
  }

  it('A16 signs as the instance in version 1.1', async () => {
    const fixture = setUp({
      [`${P}VERSION`]: '1.1',
      [`${P}RPT_ENDPOINT`]: 'https://db.example.com',
    })
    const { credential, region } = await resourcePrincipal(fixture)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${SESSION}`)
    assert.equal(region?.id, 'us-phoenix-1')
    const [first, second] = fixture.calls.slice(-2)
    assert.equal(
      first?.url,
      'https://db.example.com/20180711/resourcePrincipalToken/ocid1.instance.oc1..i',
    )
    assert.equal(
      second?.url,
      'https://auth.us-phoenix-1.oraclecloud.com/v1/resourcePrincipalSessionToken',
    )
    assert.deepEqual(
      [first, second].map((call) => keyIdOf(call?.headers ?? {})),
      [`ST$${INSTANCE}`, `ST$${INSTANCE}`],
    )
  })

  it('reads path and id from the environment', async () => {
    const fixture = setUp({
      [`${P}VERSION`]: '1.1',
      [`${P}RPT_ENDPOINT`]: 'https://db.example.com',
      [`${P}RPT_PATH`]: '/20200101/token/{id}/x',
      [`${P}RPT_ID`]: 'a/b',
    })
    await resourcePrincipal(fixture)
    assert.equal(fixture.calls.at(-2)?.url, 'https://db.example.com/20200101/token/a%2Fb/x')
  })

  it('exchanges again before the session ends', async () => {
    const fixture = setUp({ ...OWN_KEY, [`${P}VERSION`]: '2.1' })
    const { credential } = await resourcePrincipal(fixture)
    fixture.advance(59 * MINUTE)
    await credential(anyRequest())
    assert.equal(fixture.calls.length, 4)
  })

  it('names all missing variables', async () => {
    const environment = { [`${P}VERSION`]: '2.1.1' }
    await assert.rejects(resourcePrincipal(createFixture(undefined, { environment })), {
      code: 'configuration_error',
      reason: 'missing_variable',
      message: `Cannot use the resource principal: ${P}RPT_ENDPOINT, ${P}RPST_ENDPOINT, ` +
        `${P}RESOURCE_ID, ${P}PRIVATE_PEM, ${P}TENANCY_ID are not set`,
    })
  })

  it('names the service that returned no token', async () => {
    const environment = { ...OWN_KEY, [`${P}VERSION`]: '2.1' }
    const fixture = createFixture(() => Response.json({}), { environment })
    await assert.rejects(resourcePrincipal(fixture), {
      code: 'upstream_auth_error',
      reason: 'bad_token_reply',
      message:
        'Cannot get a token for the resource: the response of "vaults.example.com" has no token',
    })
  })
})

/** A service that owns resources, an auth service and a metadata service. */
function setUp(environment: Record<string, string>): Fixture {
  const { certPem, keyPem, intermediatePem } = federation.imdsResponses
  const answers: [end: string, answer: () => Response][] = [
    ['/instance/region', () => new Response('phx')],
    ['/instance/id', () => new Response('ocid1.instance.oc1..i\n')],
    ['/identity/cert.pem', () => new Response(certPem)],
    ['/identity/key.pem', () => new Response(keyPem)],
    ['/identity/intermediate.pem', () => new Response(intermediatePem)],
    ['/v1/x509', () => tokenReply(INSTANCE)],
    ['/v1/resourcePrincipalSessionToken', () => tokenReply(SESSION)],
    ['/instance/regionInfo', () => new Response('', { status: 404 })],
  ]
  const answer = (url: string) => answers.find(([end]) => url.endsWith(end))?.[1]
  return createFixture(({ url }) => answer(url)?.() ?? Response.json(RPT), { environment })
}
