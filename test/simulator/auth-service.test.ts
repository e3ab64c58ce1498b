import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { readClaims } from '../../src/simulator/tokens/jwt.ts'
import { generateRsa } from '../../src/simulator/rsa.ts'
import type { Call, Signer } from './caller.ts'
import {
  createCredentialServices,
  createSessionKey,
  type CredentialServices,
  type Federation,
  federation,
  hashOf,
  holderOf,
  type SessionKey,
  tryChat,
  verdictOf,
} from './tokens/credential-services.ts'

type Change = (call: Federation, services: CredentialServices) => Promise<object> | object

const HOUR = 3_600_000

/** Changes of a valid call; `body` adds members to the body. */
const federations: [name: string, change: Change, verdict: [number, string?]][] = [
  ['accepts what the SDK for TypeScript sends', () => ({}), [200]],
  ['accepts what the SDK for Python sends: no host, no purpose', ({ call }) => ({
    body: { purpose: undefined },
    call: { signed: call.signed.filter((name) => name !== 'host') },
  }), [200]],
  ['accepts capitals in the fingerprint', ({ call }) => ({
    call: { signer: { ...call.signer, keyId: call.signer.keyId.replace(/[^/]+$/, upper) } },
  }), [200]],
  ['accepts SHA-256, as the SDK for Go', async ({ call, body }) => ({
    body: { fingerprintAlgorithm: 'SHA256' },
    call: await named(call.signer, 'fed-x509-sha256', await hashOf(body.certificate, 'SHA-256')),
  }), [200]],
  ['requires fingerprintAlgorithm for SHA-256', async ({ call, body }) => ({
    call: await named(call.signer, 'fed-x509-sha256', await hashOf(body.certificate, 'SHA-256')),
  }), [401, 'fingerprintAlgorithm does not match the keyId']],
  ['does not take x-date', () => ({
    call: {
      signed: ['x-date', '(request-target)', 'host', 'content-type', 'content-length'].concat(
        'x-content-sha256',
      ),
    },
  }), [401, 'date is not signed']],
  ['rejects a wrong date', (_call, services) => ({
    call: { headers: { date: new Date(services.now() - 301_000).toUTCString() } },
  }), [401, 'clock skew']],
  ['rejects another fingerprint', async ({ call }) => ({
    call: await named(call.signer, 'fed-x509', '00:11'),
  }), [401, 'wrong fingerprint']],
  ['rejects another tenancy', ({ call }) => ({
    call: { signer: { ...call.signer, keyId: call.signer.keyId.replace(/^[^/]+/, 'other') } },
  }), [401, 'wrong tenancy']],
  ['rejects another key than the one of the certificate', async ({ call }) => ({
    call: { signer: { ...call.signer, key: (await generateRsa()).privateKey } },
  }), [401, 'wrong signature']],
  ['rejects an unknown intermediate certificate', ({ body }) => ({
    body: { intermediateCertificates: [body.certificate] },
  }), [401, 'unknown intermediate certificate']],
  ['rejects a certificate that the intermediate did not sign', async ({ call, body }) => {
    const certificate = body.certificate.replace(/.{8}(?==*$)/, 'AAAAAAAA')
    return {
      body: { certificate },
      call: await named(call.signer, 'fed-x509', await hashOf(certificate, 'SHA-1')),
    }
  }, [401, 'the intermediate certificate did not sign the certificate']],
  ['requires an intermediate', () => ({ body: { intermediateCertificates: [] } }), [
    401,
    'unknown intermediate certificate',
  ]],
  ['rejects PEM instead of base64', (_call, services) => ({
    body: { certificate: services.instance.certificates.certPem },
  }), [401, 'certificate: not base64 of one certificate']],
  ['rejects an invalid public key', () => ({ body: { publicKey: 'AAAA' } }), [
    400,
    'Invalid public key',
  ]],
  ['rejects a line break in the public key', ({ body }) => ({
    body: { publicKey: `${body.publicKey}\n` },
  }), [400, 'Invalid public key']],
  ['rejects unknown members', () => ({ body: { colour: 'red' } }), [
    400,
    "Unknown parameter: 'colour'.",
  ]],
]

describe('POST /v1/x509', () => {
  let services: CredentialServices
  let session: SessionKey
  before(async () => {
    services = await createCredentialServices()
    session = await createSessionKey()
  })

  for (const [name, change, verdict] of federations) {
    it(name, async () => {
      const right = await federation(services, session.publicKey)
      const { body, call }: { body?: object; call?: Call } = await change(right, services)
      const all = { ...right.call, ...call }
      const response = await services.post('/v1/x509', { ...right.body, ...body }, all)
      assert.deepEqual(verdictOf(services, response), verdict)
    })
  }

  it('issues a token with its subject and expiry', async () => {
    const { token } = await federate(services, session)
    const { jti: _jti, jwk, ...claims } = readClaims(token) ?? {}
    const { id, tenancy, compartment } = services.instance
    const seconds = services.now() / 1000
    assert.deepEqual(claims, {
      ...{ sub: id, ttype: 'x509', ptype: 'instance', tenant: tenancy },
      ...{ 'opc-certtype': 'instance', 'opc-instance': id },
      ...{ 'opc-tenant': tenancy, 'opc-compartment': compartment },
      ...{ res_tenant: tenancy, res_compartment: compartment, res_type: 'instance' },
      ...{ iss: 'authService.oracle.com', aud: 'oci', iat: seconds, exp: seconds + 3_600 },
    })
    const { n } = await crypto.subtle.exportKey('jwk', await publicKeyOf(session))
    assert.equal(JSON.parse(String(jwk)).n, n)
  })

  it('issues a token that only the session key signs with', async () => {
    const { token } = await federate(services, session)
    const keyId = `ST$${token}`
    const verdict = async (signer: Signer) => verdictOf(services, await tryChat(services, signer))
    assert.deepEqual(await verdict({ keyId, key: session.key }), [200])
    const { key } = await createSessionKey()
    assert.deepEqual(await verdict({ keyId, key }), [401, 'wrong signature'])
    const forged = { keyId: `${keyId.slice(0, -4)}AAAA`, key: session.key }
    assert.deepEqual(await verdict(forged), [401, 'unknown token'])
    assert.deepEqual(await verdict({ keyId: 'ST$a', key: session.key }), [401, 'unknown token'])
    services.issuer.revoke(token)
    assert.deepEqual(await verdict({ keyId, key: session.key }), [401, 'revoked token'])
  })

  it('issues tokens with the configured lifetime', async () => {
    const other = await createCredentialServices()
    other.behaviors.federation.lifetime = 60
    const { token } = await federate(other, session)
    const signer = { keyId: `ST$${token}`, key: session.key }
    other.pass(59_000)
    assert.deepEqual(verdictOf(other, await tryChat(other, signer)), [200])
    other.pass(1_000)
    assert.deepEqual(verdictOf(other, await tryChat(other, signer)), [401, 'expired token'])
  })

  it('fails the configured number of calls and counts them', async () => {
    const other = await createCredentialServices()
    Object.assign(other.behaviors.federation, { failures: 2, status: 503 })
    const { body, call } = await federation(other, session.publicKey)
    const statuses = [1, 2, 3].map(async () => (await other.post('/v1/x509', body, call)).status)
    assert.deepEqual((await Promise.all(statuses)).sort(), [200, 503, 503])
    assert.equal(other.behaviors.federation.calls, 3)
  })

  it('accepts a certificate until it expires, rotated or not', async () => {
    const other = await createCredentialServices()
    const old = await federation(other, session.publicKey)
    await other.instance.rotate()
    assert.equal((await other.post('/v1/x509', old.body, old.call)).status, 200)
    other.pass(2 * HOUR + 1)
    const late = { ...old.call, headers: { date: new Date(other.now()).toUTCString() } }
    const response = await other.post('/v1/x509', old.body, late)
    assert.deepEqual(verdictOf(other, response), [401, 'the certificate is not valid now'])
    await other.instance.rotate()
    assert.equal((await federate(other, session)).status, 200)
  })
})

describe('POST /v1/authentication/refresh', () => {
  const PATH = '/v1/authentication/refresh'

  it('K2 issues a new token for the same key', async () => {
    const services = await createCredentialServices()
    const signer = await holderOf(services.session)
    services.pass(HOUR - 1_000)
    const currentToken = services.session.token
    const { token } = await (await services.post(PATH, { currentToken }, { signer })).json()
    services.pass(1_000)
    const verdict = async (keyId: string) =>
      verdictOf(services, await tryChat(services, { ...signer, keyId }))
    assert.deepEqual(await verdict(`ST$${token}`), [200])
    assert.deepEqual(await verdict(`ST$${currentToken}`), [401, 'expired token'])
    const late = await services.post(PATH, { currentToken }, { signer })
    assert.deepEqual(verdictOf(services, late), [401, 'expired token'])
  })

  it('issues no token beyond the end of the session', async () => {
    const services = await createCredentialServices()
    const { key, keyId } = await holderOf(services.session)
    const renew = async (from: string) => {
      const call = { signer: { key, keyId: `ST$${from}` } }
      return await (await services.post(PATH, { currentToken: from }, call)).json()
    }
    let token = keyId.slice(3)
    for (let hour = 0; hour < 24; hour += 1) {
      services.pass(HOUR - 1_000)
      token = (await renew(token)).token
    }
    assert.equal(Number(readClaims(token)?.['exp']), services.now() / 1000 + 24)
    services.pass(24_000)
    assert.equal((await renew(token)).code, 'NotAuthenticated')
  })

  it('rejects a token other than the signing one', async () => {
    const services = await createCredentialServices()
    const signer = await holderOf(services.session)
    const response = await services.post(PATH, { currentToken: 'a.b.c' }, { signer })
    assert.deepEqual(verdictOf(services, response), [401, 'not signed with currentToken'])
    const withKey = await services.post(PATH, { currentToken: services.session.token })
    assert.deepEqual(verdictOf(services, withKey), [401, 'not signed with currentToken'])
  })

  it('rejects the token of an instance', async () => {
    const services = await createCredentialServices()
    const session = await createSessionKey()
    const { token } = await federate(services, session)
    const signer = { keyId: `ST$${token}`, key: session.key }
    const response = await services.post(PATH, { currentToken: token }, { signer })
    assert.deepEqual(verdictOf(services, response), [401, 'not the token of a login'])
  })
})

describe('POST /v1/token/upst/actions/GenerateUpst', () => {
  it('issues a session token to an API key', async () => {
    const services = await createCredentialServices()
    const { key, publicKey } = await createSessionKey()
    const pem = `-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----\n`
    const body = { publicKey: pem, sessionExpirationInMinutes: 5 }
    const path = '/v1/token/upst/actions/GenerateUpst'
    const { token } = await (await services.post(path, body)).json()
    const { sub, tenant, exp } = readClaims(token) ?? {}
    const { user, tenancy } = services.identity
    assert.deepEqual([sub, tenant, exp], [user, tenancy, services.now() / 1000 + 300])
    assert.equal((await tryChat(services, { keyId: `ST$${token}`, key })).status, 200)
    const long = await services.post(path, { ...body, sessionExpirationInMinutes: 61 })
    assert.deepEqual(verdictOf(services, long), [400, 'Invalid sessionExpirationInMinutes'])
  })
})

async function federate(services: CredentialServices, { publicKey }: SessionKey) {
  const { body, call } = await federation(services, publicKey)
  const response = await services.post('/v1/x509', body, call)
  const { token } = await response.json()
  return { status: response.status, token: String(token) }
}

function named({ keyId, key }: Signer, scheme: string, fingerprint: string) {
  const [tenancy] = keyId.split('/')
  return { signer: { keyId: `${tenancy}/${scheme}/${fingerprint}`, key } }
}

async function publicKeyOf({ publicKey }: SessionKey): Promise<CryptoKey> {
  const spki = Uint8Array.from(atob(publicKey), (character) => character.charCodeAt(0))
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  return await crypto.subtle.importKey('spki', spki, algorithm, true, ['verify'])
}

function upper(text: string): string {
  return text.toUpperCase()
}
