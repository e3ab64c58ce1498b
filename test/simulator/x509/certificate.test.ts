import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCertificates } from '../../../src/oci/auth/certificate.ts'
import { type Bytes, fromBase64 } from '../../../src/simulator/base64.ts'
import { fromPem } from '../../../src/simulator/pem.ts'
import { importPublicKey, verifyRsa } from '../../../src/simulator/rsa.ts'
import { readCertificate, subjectValue } from '../../../src/simulator/x509/read-certificate.ts'
import { createInstance } from '../../../src/simulator/x509/instance.ts'
import recorded from '../../vectors/federation-x509.json' with { type: 'json' }
import { NOW } from '../caller.ts'

const HOUR = 3_600_000

describe('readCertificate()', () => {
  it('reads a certificate that OpenSSL made', () => {
    const certificate = readCertificate(bytesOf(recorded.leaf.derBase64))
    const values = recorded.leaf.subject.map((text) => text.slice(text.indexOf('=') + 1))
    assert.deepEqual(certificate?.subject, values)
    assert.equal(certificate?.notBefore, Date.UTC(2026, 10, 22, 15, 1, 41))
    assert.equal(certificate?.notAfter, Date.UTC(2036, 10, 19, 15, 1, 41))
    assert.equal(certificate && subjectValue(certificate, 'opc-tenant'), recorded.leaf.tenancy)
  })

  it('rejects invalid certificates', () => {
    assert.equal(readCertificate(new Uint8Array()), undefined)
    assert.equal(readCertificate(bytesOf(recorded.leaf.derBase64).slice(0, 500)), undefined)
    assert.equal(readCertificate(bytesOf(recorded.sessionPublicKeySpkiBase64)), undefined)
  })

  it('finds the key that the recorded federation call was signed with', async () => {
    const certificate = readCertificate(bytesOf(recorded.leaf.derBase64))
    const key = certificate && await importPublicKey(certificate.spki)
    assert.ok(key)
    const text = new TextEncoder().encode(recorded.signingString)
    assert.ok(await verifyRsa(key, bytesOf(recorded.signature), text))
  })
})

describe('createInstance()', () => {
  it('has a certificate with its identity, signed by the intermediate', async () => {
    const instance = await createInstance({ now: () => NOW, lifetime: 3_600 })
    const { id, tenancy, compartment, certificates, authority } = instance
    const leaf = readCertificate(fromPem('CERTIFICATE', certificates.certPem) ?? bytesOf(''))
    const intermediate = readCertificate(
      fromPem('CERTIFICATE', certificates.intermediatePem) ?? bytesOf(''),
    )
    assert.ok(leaf && intermediate)
    assert.deepEqual(leaf.subject, [
      id,
      'opc-certtype:instance',
      `opc-compartment:${compartment}`,
      `opc-instance:${id}`,
      `opc-tenant:${tenancy}`,
    ])
    assert.deepEqual([leaf.notBefore, leaf.notAfter], [NOW - 60_000, NOW + HOUR])
    assert.ok(await verifyRsa(authority, leaf.signature, leaf.signed))
    assert.deepEqual(
      intermediate.spki,
      new Uint8Array(await crypto.subtle.exportKey('spki', authority)),
    )
  })

  it('has a certificate that node:crypto reads', async () => {
    const { certificates, tenancy } = await createInstance()
    const [leaf] = readCertificates(certificates.certPem)
    assert.equal(leaf?.tenancy, tenancy)
  })

  it('has a new certificate and key after a rotation', async () => {
    const instance = await createInstance()
    const before = instance.certificates
    await instance.rotate()
    assert.notEqual(instance.certificates.certPem, before.certPem)
    assert.notEqual(instance.certificates.keyPem, before.keyPem)
    assert.equal(instance.certificates.intermediatePem, before.intermediatePem)
  })
})

function bytesOf(base64: string): Bytes {
  return fromBase64(base64) ?? new Uint8Array()
}
