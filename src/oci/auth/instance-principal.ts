import { ApiError } from '../../errors.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import { type Certificate, readCertificates } from './certificate.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import { federate, fingerprintAlgorithm, type InstanceIdentity } from './federation.ts'
import type { AuthDependencies } from './dependencies.ts'
import { createMetadata, type Metadata, metadataRegion } from './metadata.ts'
import type { Region } from '../regions.ts'
import { authService, type Principal } from './principal.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, generateSessionKey, type Session } from './session.ts'
import { decodeToken, type Token } from './token.ts'
import { readVariable } from './variables.ts'

/** How an instance is to act. */
export interface InstancePrincipalOptions {
  /** Reads the token of the user on whose behalf it acts. */
  delegation?: () => Promise<Pick<Token, 'text' | 'expiresAt'>>
  /** For messages; the instance principal when absent. */
  source?: string
  advice?: CredentialAdvice
}

const ADVICE: CredentialAdvice = {
  refused: "OCI refused the instance's token: check that the instance still exists and that its " +
    'clock is right ("timedatectl")',
  policy: 'Allow dynamic-group D to use generative-ai-family in compartment C',
}

/** The rotation of a certificate and its key is no single step. */
const READS = 4
const PAUSE = 100

/**
 * The credential of the compute instance this runs on: its certificate, which rotates several
 * times a day, is exchanged for a token, anew for each token.
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
    return createSession(endingWith(token, delegation), key.key, dependencies.clock.now(), {
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
    if (certificate === undefined) throw unusable('there is none', 'bad_certificate')
    const key = await importPrivateKey(keyPem)
    if (sameBytes(certificate.publicKeySpki, key.publicKeySpki)) {
      const intermediates = readCertificates(intermediatePem)
      return { tenancy: tenancyOf(certificate), certificate, intermediates, key }
    }
    if (number === READS) throw unusable('its key is of another one', 'key_mismatch')
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}

function tenancyOf({ tenancy }: Certificate): string {
  if (tenancy !== undefined) return tenancy
  throw unusable('its subject names no tenancy', 'bad_certificate')
}

/** A delegation that ends first ends the session, too. */
function endingWith(token: Token, delegation?: { expiresAt: number | undefined }): Token {
  const ends = [token.expiresAt, delegation?.expiresAt].filter((end) => end !== undefined)
  return { ...token, expiresAt: ends.length > 0 ? Math.min(...ends) : undefined }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

function otherTenancy(): ApiError {
  return unusable('it is of another tenancy than at the start', 'other_tenancy')
}

function unusable(state: string, reason: string): ApiError {
  const message = `Cannot use the certificate of the instance: ${state}`
  return new ApiError('upstream_auth_error', message, { reason })
}
