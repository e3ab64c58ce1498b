import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { readClaims } from '../../src/simulator/tokens/jwt.ts'
import { readCertificates } from '../../src/oci/auth/certificate.ts'
import recorded from '../vectors/oke-workload-identity.json' with { type: 'json' }
import {
  createCredentialServices,
  createSessionKey,
  type CredentialServices,
  type SessionKey,
  tryChat,
  verdictOf,
} from './tokens/credential-services.ts'

const PATH = '/resourcePrincipalSessionTokens'

describe('proxymux()', () => {
  let services: CredentialServices
  let session: SessionKey
  before(async () => {
    services = await createCredentialServices()
    session = await createSessionKey()
  })

  it('A17 issues a token that the pod signs with', async () => {
    const response = await ask(services, session.publicKey)
    const keyId = readKeyId(JSON.parse(await response.text()))
    const { res_tenant, res_compartment, res_type, exp } = readClaims(keyId) ?? {}
    const { tenancy, compartment } = services.cluster
    assert.deepEqual([res_tenant, res_compartment, res_type, exp], [
      tenancy,
      compartment,
      'workload',
      services.now() / 1000 + 3_600,
    ])
    assert.equal((await tryChat(services, { keyId, key: session.key })).status, 200)
  })

  it('accepts the recorded request of the official SDK and answers in its format', async () => {
    const response = await ask(services, JSON.parse(recorded.request.body).podKey)
    const [first, answered] = [recorded.response.rawBody, await response.text()]
    const shape = (body: string) => Object.keys(JSON.parse(atob(JSON.parse(body))))
    assert.deepEqual(shape(answered), shape(first))
    assert.match(readKeyId(JSON.parse(answered)), /^ST\$[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  it('accepts PEM, as the SDK for Go sends it', async () => {
    const lines = session.publicKey.match(/.{1,64}/g) ?? []
    const pem = ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n')
    assert.equal((await ask(services, pem)).status, 200)
  })

  it('answers without quotes if configured', async () => {
    services.cluster.quoted = false
    const text = await (await ask(services, session.publicKey)).text()
    services.cluster.quoted = true
    assert.match(readKeyId(text), /^ST\$/)
  })

  it('rejects an invalid key', async () => {
    const response = await ask(services, 'AAAA')
    assert.deepEqual(verdictOf(services, response), [400, 'Invalid public key'])
  })

  it('rejects any other token, including the previous one', async () => {
    const other = await createCredentialServices()
    const old = other.cluster.serviceAccountToken
    await other.cluster.rotate()
    const refused = [401, 'not the service account token']
    assert.deepEqual(verdictOf(other, await ask(other, session.publicKey, old)), refused)
    other.pass(3_607_000)
    assert.deepEqual(verdictOf(other, await ask(other, session.publicKey)), [
      401,
      'expired service account token',
    ])
  })

  it('belongs to a cluster with its own certificate', () => {
    const [authority] = readCertificates(services.cluster.authorityPem)
    assert.equal(authority?.tenancy, undefined)
    assert.ok((authority?.publicKeySpki.length ?? 0) > 290)
  })

  it('issues no token to a basic cluster', async () => {
    const other = await createCredentialServices()
    other.cluster.enhanced = false
    const response = await ask(other, session.publicKey)
    assert.deepEqual(verdictOf(other, response), [403, 'a basic cluster'])
  })
})

async function ask(
  { fetch, cluster }: CredentialServices,
  podKey: string,
  token = cluster.serviceAccountToken,
): Promise<Response> {
  return await fetch(
    new Request(`https://10.96.0.1:12250${PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ podKey }),
    }),
  )
}

function readKeyId(base64: string): string {
  return JSON.parse(atob(base64)).token
}
