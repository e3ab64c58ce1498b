import { causeOf } from '../../causes/cause.ts'
import { ApiError } from '../../errors.ts'
import { requestSigner } from '../signing/request-signer.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import type { Credential } from '../signing/credential.ts'
import { isOcid, normalizeFingerprint } from './principal.ts'

/** An API signing key of a user, as the console and `oci setup config` create it. */
export interface ApiKey {
  tenancy: string
  user: string
  /** In upper or lower case, with or without colons. */
  fingerprint: string
  /** PEM text. */
  privateKey: string
  /** Used only if the key is encrypted. */
  passphrase?: string | undefined
}

/**
 * Creates the credential of an API key. Imports the key once and compares its fingerprint, since
 * OCI answers a wrong one with an unspecific 401. (`fingerprint: false` is for tests: the
 * fingerprint in Oracle's published example does not belong to its key.)
 */
export async function apiKey(
  { tenancy, user, fingerprint, privateKey, passphrase }: ApiKey,
  checks: { fingerprint?: boolean } = {},
): Promise<Credential> {
  const configured = normalizeFingerprint(fingerprint)
  if (!isOcid(tenancy)) throw malformed('tenancy is not an OCID')
  if (!isOcid(user)) throw malformed('user is not an OCID')
  if (configured === undefined) throw malformed('fingerprint is not 16 hexadecimal pairs')
  const imported = await importPrivateKey(privateKey, passphrase)
  if (checks.fingerprint !== false && configured !== imported.fingerprint) {
    const values = { configured, computed: imported.fingerprint, change: '' }
    const message = `Cannot use the API key: ${causeOf('fingerprint_mismatch', values).wrong}. ` +
      'Use the key that belongs to the fingerprint, or upload this one: oci iam user api-key upload'
    throw configurationError(message, 'fingerprint_mismatch')
  }
  return requestSigner({ keyId: `${tenancy}/${user}/${configured}`, key: imported.key })
}

/** The message omits the value, which may be a secret in the wrong place. */
function malformed(state: string): ApiError {
  return configurationError(`Cannot use the API key: its ${state}`, 'malformed_identity')
}

function configurationError(message: string, reason: string): ApiError {
  return new ApiError('configuration_error', message, { reason })
}
