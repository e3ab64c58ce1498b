import { type Bytes, fromBase64 } from '../base64.ts'
import { importPublicKey, verifyRsa } from '../rsa.ts'
import type { FindKey, KnownCaller } from '../verify-signature.ts'
import type { Instance } from '../x509/instance.ts'
import { type Certificate, readCertificate, subjectValue } from '../x509/read-certificate.ts'

/** The body of a federation call. */
export interface FederationDetails {
  certificate: string
  intermediateCertificates: readonly string[]
  publicKey: string
  purpose?: string
  fingerprintAlgorithm?: string
}

const HASHES = new Map([['fed-x509', 'SHA-1'], ['fed-x509-sha256', 'SHA-256']])

/** Finds the key of the instance certificate in a federation call, which signs the call. */
export function certificateKeyFinder(
  instance: Instance | undefined,
  details: FederationDetails,
  now: number,
): FindKey {
  return async (keyId) => {
    const [tenancy = '', scheme = '', fingerprint = '', ...rest] = keyId.split('/')
    const hash = HASHES.get(scheme)
    const bytes = fromBase64(details.certificate)
    const leaf = bytes && readCertificate(bytes)
    if (!hash || rest.length > 0) return `unknown keyId "${keyId}"`
    if (!bytes || !leaf) return 'certificate: not base64 of one certificate'
    if ((hash === 'SHA-256') !== (details.fingerprintAlgorithm === 'SHA256')) {
      return 'fingerprintAlgorithm does not match the keyId'
    }
    if (fingerprint.toLowerCase() !== await fingerprintOf(bytes, hash)) return 'wrong fingerprint'
    if (subjectValue(leaf, 'opc-tenant') !== tenancy) return 'wrong tenancy'
    const problem = await findTrustProblem(leaf, details, instance, now)
    return problem ?? await callerOf(leaf, tenancy)
  }
}

async function findTrustProblem(
  leaf: Certificate,
  { intermediateCertificates }: FederationDetails,
  instance: Instance | undefined,
  now: number,
): Promise<string | undefined> {
  if (now < leaf.notBefore || now > leaf.notAfter) return 'the certificate is not valid now'
  const chain = intermediateCertificates.map((text) =>
    readCertificate(fromBase64(text) ?? NO_BYTES)
  )
  const issuer = chain[0] && await importPublicKey(chain[0].spki)
  if (!instance || !issuer || !await isSame(issuer, instance.authority)) {
    return 'unknown intermediate certificate'
  }
  const isSigned = await verifyRsa(issuer, leaf.signature, leaf.signed)
  return isSigned ? undefined : 'the intermediate certificate did not sign the certificate'
}

async function callerOf(leaf: Certificate, tenancy: string): Promise<KnownCaller | string> {
  const key = await importPublicKey(leaf.spki)
  const instance = subjectValue(leaf, 'opc-instance') ?? ''
  return key ? { keyId: `${tenancy}/${instance}/leaf`, key } : 'the certificate has no RSA key'
}

async function fingerprintOf(bytes: Bytes, hash: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest(hash, bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(':')
}

async function isSame(one: CryptoKey, other: CryptoKey): Promise<boolean> {
  const [first, second] = await Promise.all(
    [one, other].map((key) => crypto.subtle.exportKey('jwk', key)),
  )
  return first?.n === second?.n
}

const NO_BYTES: Bytes = new Uint8Array()
