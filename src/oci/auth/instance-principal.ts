import { POLICIES } from '../../causes/policies.ts'
import { ApiError } from '../../errors.ts'
import { sleep } from '../async/sleep.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import { type Certificate, readCertificates } from './certificate.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import { federate, fingerprintAlgorithm, type InstanceIdentity } from './federation.ts'
import type { AuthDependencies } from './dependencies.ts'
import { createMetadata, type Metadata, metadataRegion } from './metadata.ts'
import type { Region } from '../regions.ts'
import { authService, type Principal } from './principal.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, type Session } from './session.ts'
import { generateSessionKey } from '../signing/key-pair.ts'
import { decodeToken, type Token } from './token.ts'
import { readVariable } from './variables.ts'

/** Options for an instance that acts on behalf of a user. */
export interface InstancePrincipalOptions {
  /** Reads the delegation token of the user. */
  delegation?: () => Promise<Pick<Token, 'text' | 'expiresAt'>>
  /** For messages. Defaults to `the instance principal`. */
  source?: string
  advice?: CredentialAdvice
}

const ADVICE: CredentialAdvice = {
  refused: "OCI rejected the instance's token. Check that the instance still exists and that its " +
    'clock is correct ("timedatectl")',
  policy: POLICIES.dynamicGroup,
}

/** OCI rotates the certificate and its key one after the other, so a read may find a mismatch. */
const MAX_READS = 4
const PAUSE = 100

/**
 * Opens the credential of the compute instance that runs the gateway. Each token is requested with
 * the current certificate, which OCI rotates several times a day.
 */
export async function instancePrincipal(
  dependencies: AuthDependencies,
  options: InstancePrincipalOptions = {},
): Promise<Principal & { tenancy: string; region: Region }> {
  const metadata = createMetadata(dependencies)
  const region = await metadataRegion(metadata, dependencies.environment)
  const service = authService(dependencies.environment, region)
  const algorithm = fingerprintAlgorithm(
    readVariable(dependencies.environment, 'OCI_INSTANCE_PRINCIPAL_FINGERPRINT'),
  )
  const open = async (identity: InstanceIdentity): Promise<Session> => {
    const [key, delegation] = await Promise.all([generateSessionKey(), options.delegation?.()])
    const text = await federate(identity, key, service, algorithm, dependencies)
    const token = decodeToken(text, 'the token of the instance')
    return createSession(withEarliestExpiry(token, delegation), key.key, dependencies.clock.now(), {
      ...(delegation && { oboToken: delegation.text }),
    })
  }
  const identity = await readIdentity(metadata)
  const { tenancy } = identity
  const openNext = async () => {
    const current = await readIdentity(metadata)
    if (current.tenancy !== tenancy) throw otherTenancy()
    return await open(current)
  }
  const advice = options.advice ?? ADVICE
  const credential = renewingCredential(await open(identity), openNext, dependencies, advice)
  return { credential, tenancy, region, source: options.source ?? 'the instance principal' }
}

async function readIdentity(metadata: Metadata): Promise<InstanceIdentity> {
  for (let number = 1;; number++) {
    const [certificatePem, keyPem, intermediatePem] = await Promise.all([
      metadata.get('identity/cert.pem'),
      metadata.get('identity/key.pem'),
      metadata.get('identity/intermediate.pem'),
    ])
    const [certificate] = readCertificates(certificatePem)
    if (certificate === undefined) {
      throw unusable('the metadata service returned none', 'bad_certificate')
    }
    const key = await importPrivateKey(keyPem)
    if (sameBytes(certificate.publicKeySpki, key.publicKeySpki)) {
      const intermediates = readCertificates(intermediatePem)
      return { tenancy: tenancyOf(certificate), certificate, intermediates, key }
    }
    if (number === MAX_READS) throw unusable('it does not match the private key', 'key_mismatch')
    await sleep(PAUSE)
  }
}

function tenancyOf({ tenancy }: Certificate): string {
  if (tenancy !== undefined) return tenancy
  throw unusable('its subject does not name a tenancy', 'bad_certificate')
}

/** The session ends with the token or the delegation token, whichever expires first. */
function withEarliestExpiry(token: Token, delegation?: { expiresAt: number | undefined }): Token {
  const ends = [token.expiresAt, delegation?.expiresAt].filter((end) => end !== undefined)
  return { ...token, expiresAt: ends.length > 0 ? Math.min(...ends) : undefined }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

function otherTenancy(): ApiError {
  return unusable('its tenancy has changed since startup', 'other_tenancy')
}

function unusable(state: string, reason: string): ApiError {
  const message = `Cannot use the certificate of the instance: ${state}`
  return new ApiError('upstream_auth_error', message, { reason })
}
