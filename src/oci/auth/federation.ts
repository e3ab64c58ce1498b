import { ApiError } from '../../errors.ts'
import { requestSigner } from '../signing/request-signer.ts'
import type { PrivateKey } from '../signing/private-key.ts'
import { type AuthAdvice, type AuthFailure, callAuth, readTokenReply } from './call.ts'
import { type Certificate, certificateFingerprint } from './certificate.ts'
import type { AuthDependencies } from './dependencies.ts'
import type { SessionKey } from './session.ts'
import { addressBelow } from './variables.ts'

/** What an instance proves itself with: its certificate, the key, and who vouches for it. */
export interface InstanceIdentity {
  tenancy: string
  certificate: Certificate
  intermediates: readonly Certificate[]
  key: PrivateKey
}

export type FingerprintAlgorithm = 'SHA-1' | 'SHA-256'

/** The name by which the auth service knows the certificate's key. */
export async function federationKeyId(
  { tenancy, certificate }: InstanceIdentity,
  algorithm: FingerprintAlgorithm,
): Promise<string> {
  const fingerprint = await certificateFingerprint(certificate, algorithm)
  return `${tenancy}/${algorithm === 'SHA-1' ? 'fed-x509' : 'fed-x509-sha256'}/${fingerprint}`
}

/** The body of the call, in the order of Oracle's TypeScript SDK. */
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

/** Exchanges the proof of an instance for a token that belongs to the session's key. */
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
    url: addressBelow(service, 'v1/x509'),
    body: encodeFederationRequest(identity, publicKey, algorithm),
    contentType: 'application/json',
    // Every SDK signs "date" here; whether the auth service takes "x-date" is not known.
    sign: requestSigner({ keyId, key: identity.key.key }, { dateHeader: 'date' }),
    advise,
  }, dependencies)
  return readTokenReply(text, action)
}

/** The setting of `OCI_INSTANCE_PRINCIPAL_FINGERPRINT`; Oracle's SDKs are divided. */
export function fingerprintAlgorithm(text: string | undefined): FingerprintAlgorithm {
  switch (text?.toUpperCase().replace('-', '')) {
    case undefined:
    case 'SHA1':
      return 'SHA-1'
    case 'SHA256':
      return 'SHA-256'
  }
  const message = 'Cannot use OCI_INSTANCE_PRINCIPAL_FINGERPRINT: it is neither SHA1 nor SHA256'
  throw new ApiError('configuration_error', message, { reason: 'bad_fingerprint_algorithm' })
}

function advise({ status }: AuthFailure): AuthAdvice {
  if (status === 401) {
    return {
      advice: 'The instance\'s certificate was refused: check its clock with "timedatectl", or ' +
        'try OCI_INSTANCE_PRINCIPAL_FINGERPRINT=SHA256',
    }
  }
  return {
    advice: 'Check that the instance reaches the auth service of its region, through a service ' +
      'gateway or a NAT gateway',
  }
}
