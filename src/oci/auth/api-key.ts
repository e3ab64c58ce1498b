import { ApiError } from '../../errors.ts'
import { requestSigner } from '../signing/request-signer.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import type { Credential } from '../signing/credential.ts'
import { isOcid, normalizeFingerprint } from './principal.ts'

/** An API key of a user, as the console and `oci setup config` make it. */
export interface ApiKey {
  tenancy: string
  user: string
  /** As OCI shows it, in any case, with colons or without. */
  fingerprint: string
  /** PEM text. */
  privateKey: string
  /** Only looked at when the key is encrypted. */
  passphrase?: string | undefined
}

/**
 * The credential of an API key. The key is imported once, here, and must have the fingerprint:
 * OCI answers 401 to any other without saying why. (`fingerprint: false` is for tests: Oracle's
 * published example has one that does not belong to its key.)
 */
export async function apiKey(
  { tenancy, user, fingerprint, privateKey, passphrase }: ApiKey,
  checks: { fingerprint?: boolean } = {},
): Promise<Credential> {
  const configured = normalizeFingerprint(fingerprint)
  if (!isOcid(tenancy)) throw malformed('tenancy is not an OCID')
  if (!isOcid(user)) throw malformed('user is not an OCID')
  if (configured === undefined) throw malformed('fingerprint is not one')
  const imported = await importPrivateKey(privateKey, passphrase)
  if (checks.fingerprint !== false && configured !== imported.fingerprint) {
    const state = `the configured fingerprint is "${configured}", but that of the private key is ` +
      `"${imported.fingerprint}"`
    throw configurationError(`Cannot use the API key: ${state}`, 'fingerprint_mismatch')
  }
  return requestSigner({ keyId: `${tenancy}/${user}/${configured}`, key: imported.key })
}

/** Without the value: what stands in the wrong place may be a secret. */
function malformed(state: string): ApiError {
  return configurationError(`Cannot use the API key: its ${state}`, 'malformed_identity')
}

function configurationError(message: string, reason: string): ApiError {
  return new ApiError('configuration_error', message, { reason })
}
