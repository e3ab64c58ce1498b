import { appendPath } from '../http/upstream-url.ts'
import { ApiError } from '../../errors.ts'
import { requestSigner } from '../signing/request-signer.ts'
import type { PrivateKey } from '../signing/private-key.ts'
import { type AuthAdvice, type AuthFailure, callAuth, readTokenReply } from './call.ts'
import { type Certificate, certificateFingerprint } from './certificate.ts'
import type { AuthDependencies } from './dependencies.ts'
import type { SessionKey } from '../signing/key-pair.ts'

/** An instance's certificate, its key and the chain of intermediate certificates. */
export interface InstanceIdentity {
  tenancy: string
  certificate: Certificate
  intermediates: readonly Certificate[]
  key: PrivateKey
}

export type FingerprintAlgorithm = 'SHA-1' | 'SHA-256'

/** The key id of an instance certificate at the auth service. */
export async function federationKeyId(
  { tenancy, certificate }: InstanceIdentity,
  algorithm: FingerprintAlgorithm,
): Promise<string> {
  const fingerprint = await certificateFingerprint(certificate, algorithm)
  return `${tenancy}/${algorithm === 'SHA-1' ? 'fed-x509' : 'fed-x509-sha256'}/${fingerprint}`
}

/** Encodes the request body, with fields in the order of Oracle's TypeScript SDK. */
export function encodeFederationRequest(
  { certificate, intermediates }: InstanceIdentity,
  publicKey: string,
  algorithm: FingerprintAlgorithm,
): string {
  return JSON.stringify({
    certificate: certificate.base64,
    purpose: 'DEFAULT',
    publicKey,
    intermediateCertificates: intermediates.map(({ base64 }) => base64),
    ...(algorithm === 'SHA-256' && { fingerprintAlgorithm: 'SHA256' }),
  })
}

/** Exchanges an instance certificate for a token that is bound to the session's key. */
export async function federate(
  identity: InstanceIdentity,
  { publicKey }: SessionKey,
  service: URL,
  algorithm: FingerprintAlgorithm,
  dependencies: AuthDependencies,
): Promise<string> {
  const action = 'get a token for the instance'
  const keyId = await federationKeyId(identity, algorithm)
  const text = await callAuth({
    action,
    method: 'POST',
    url: appendPath(service, 'v1/x509'),
    body: encodeFederationRequest(identity, publicKey, algorithm),
    contentType: 'application/json',
    // Every SDK signs "date" here; it is unknown whether the auth service accepts "x-date".
    sign: requestSigner({ keyId, key: identity.key.key }, { dateHeader: 'date' }),
    advise,
  }, dependencies)
  return readTokenReply(text, action)
}

/** Reads `OCI_INSTANCE_PRINCIPAL_FINGERPRINT`. Oracle's SDKs differ in their default. */
export function fingerprintAlgorithm(text: string | undefined): FingerprintAlgorithm {
  switch (text?.toUpperCase().replace('-', '')) {
    case undefined:
    case 'SHA1':
      return 'SHA-1'
    case 'SHA256':
      return 'SHA-256'
  }
  const message = 'Cannot use OCI_INSTANCE_PRINCIPAL_FINGERPRINT: it must be SHA1 or SHA256'
  throw new ApiError('configuration_error', message, { reason: 'bad_fingerprint_algorithm' })
}

function advise({ status }: AuthFailure): AuthAdvice {
  if (status === 401) {
    return {
      advice: 'OCI rejected the instance\'s certificate. Check its clock with "timedatectl", or ' +
        'try OCI_INSTANCE_PRINCIPAL_FINGERPRINT=SHA256',
    }
  }
  return {
    advice: 'Check that the instance can reach the auth service of its region through a service ' +
      'gateway or a NAT gateway',
  }
}
