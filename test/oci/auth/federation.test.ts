import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { certificateFingerprint, readCertificates } from '../../../src/oci/auth/certificate.ts'
import {
  encodeFederationRequest,
  federate,
  federationKeyId,
  fingerprintAlgorithm,
  type InstanceIdentity,
} from '../../../src/oci/auth/federation.ts'
import { requestSigner } from '../../../src/oci/signing/request-signer.ts'
import { importPrivateKey } from '../../../src/oci/signing/private-key.ts'
import vector from '../../vectors/federation-x509.json' with { type: 'json' }
import { createFixture, tokenReply } from './fixture.ts'

const { imdsResponses, leaf, request } = vector
const [certificate] = readCertificates(imdsResponses.certPem)
assert.ok(certificate)
const identity: InstanceIdentity = {
  tenancy: leaf.tenancy,
  certificate,
  intermediates: readCertificates(imdsResponses.intermediatePem),
  key: await importPrivateKey(imdsResponses.keyPem),
}

describe('readCertificates()', () => {
  it('reads the certificate of an instance', () => {
    assert.deepEqual(
      [certificate.base64, certificate.tenancy],
      [leaf.derBase64, leaf.tenancy],
    )
    assert.deepEqual(certificate.publicKeySpki, identity.key.publicKeySpki)
  })

  it('reads the tenancy from opc-identity', async () => {
    const file = new URL('../../fixtures/instances/identity.pem', import.meta.url)
    const [found] = readCertificates(await readFile(file, 'utf8'))
    assert.equal(found?.tenancy, 'ocid1.tenancy.oc1..identity')
  })

  it('reads all certificates and ignores text between them', () => {
    const { certPem, intermediatePem } = imdsResponses
    const text = `subject=x\r\n${certPem.replaceAll('\n', '\r\n')}\n${intermediatePem}`
    const found = readCertificates(text).map(({ tenancy }) => tenancy)
    assert.deepEqual(found, [leaf.tenancy, undefined])
    assert.deepEqual(readCertificates('<html>'), [])
  })

  for (
    const [name, body] of [['invalid base64', 'a*b'], ['invalid DER', 'aGFsbG8='], [
      'a truncated certificate',
      leaf.derBase64.slice(0, 400),
    ]]
  ) {
    it(`rejects ${name}`, () => {
      const text = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`
      assert.throws(() => readCertificates(text), {
        code: 'upstream_auth_error',
        reason: 'bad_certificate',
      })
    })
  }

  it('computes both fingerprints', async () => {
    assert.deepEqual(
      [
        await certificateFingerprint(certificate, 'SHA-1'),
        await certificateFingerprint(certificate, 'SHA-256'),
      ],
      [leaf.fingerprintSha1.toLowerCase(), leaf.fingerprintSha256.toLowerCase()],
    )
  })
})

describe('encodeFederationRequest()', () => {
  it("A15 encodes the same body as Oracle's SDK", () => {
    const { sessionPublicKeySpkiBase64: key } = vector
    assert.equal(encodeFederationRequest(identity, key, 'SHA-1'), request.body)
  })

  it('names the fingerprint algorithm if it is SHA-256', () => {
    const body = JSON.parse(encodeFederationRequest(identity, 'k', 'SHA-256'))
    assert.equal(body.fingerprintAlgorithm, 'SHA256')
  })
})

describe('federate()', () => {
  it("A15 signs like Oracle's SDK", async () => {
    assert.equal(await federationKeyId(identity, 'SHA-1'), vector.keyId)
    const keyId = vector.keyId
    const sign = requestSigner({ keyId, key: identity.key.key }, { dateHeader: 'date' })
    const headers = await sign({
      method: 'POST',
      url: new URL(`http://${request.headers.host}${request.path}`),
      body: new TextEncoder().encode(request.body),
      date: Date.parse(request.headers.date),
    })
    assert.deepEqual(headers, {
      'authorization': request.headers.authorization,
      'date': request.headers.date,
      'content-type': request.headers['content-type'],
      'x-content-sha256': request.headers['x-content-sha256'],
    })
  })

  it('A15 returns the token, with a key id of either algorithm', async () => {
    const fixture = createFixture(() => tokenReply(vector.response.body.token))
    const key = { key: identity.key.key, publicKey: vector.sessionPublicKeySpkiBase64 }
    const service = new URL('https://auth.us-phoenix-1.oraclecloud.com')
    for (const algorithm of ['SHA-1', 'SHA-256'] as const) {
      const token = await federate(identity, key, service, algorithm, fixture)
      assert.equal(`ST$${token}`, vector.resultingKeyId)
    }
    const [first, second] = fixture.calls
    assert.equal(first?.url, 'https://auth.us-phoenix-1.oraclecloud.com/v1/x509')
    assert.ok(first.headers['authorization']?.includes(`keyId="${vector.keyId}"`))
    const sha256 = `${leaf.tenancy}/fed-x509-sha256/${leaf.fingerprintSha256.toLowerCase()}`
    assert.ok(second?.headers['authorization']?.includes(`keyId="${sha256}"`))
  })
})

describe('fingerprintAlgorithm()', () => {
  for (
    const [text, expected] of [[undefined, 'SHA-1'], ['sha1', 'SHA-1'], ['SHA-256', 'SHA-256'], [
      'sha256',
      'SHA-256',
    ]] as const
  ) {
    it(`reads ${text} as ${expected}`, () => {
      assert.equal(fingerprintAlgorithm(text), expected)
    })
  }

  it('rejects other algorithms', () => {
    assert.throws(() => fingerprintAlgorithm('md5'), { code: 'configuration_error' })
  })
})
