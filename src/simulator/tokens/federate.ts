import type { Credentials } from '../credentials.ts'
import type { Exchange } from '../exchange.ts'
import { isServiceError, type ServiceError } from '../service-error.ts'
import type { Fields } from '../shape.ts'
import { type Coverage, verifySignature } from '../verify-signature.ts'
import { certificateKeyFinder, type FederationDetails } from './certificate-key.ts'
import { readSessionKey, readTokenDetails } from './read-request.ts'

const DETAILS: Fields = {
  certificate: 'string',
  publicKey: 'string',
  intermediateCertificates: { items: 'string' },
  'purpose?': { enum: ['DEFAULT', 'SERVICE_PRINCIPAL'] },
  'fingerprintAlgorithm?': { enum: ['SHA256'] },
}
/** All SDKs sign `date` here; some do not sign the host. */
const COVERAGE: Coverage = { dates: ['date'], host: false }

/** `POST /v1/x509`: issues a token to the holder of an instance certificate's key. */
export async function federate(
  { received, url }: Exchange,
  { issuer, instance, behaviors }: Credentials,
  now: number,
): Promise<string | ServiceError> {
  const details = readTokenDetails<FederationDetails>(DETAILS, received.json)
  if (isServiceError(details)) return details
  const findKey = certificateKeyFinder(instance, details, now)
  const caller = await verifySignature({ ...received, url }, findKey, now, COVERAGE)
  if (isServiceError(caller)) return caller
  const sessionKey = await readSessionKey(details.publicKey)
  if (isServiceError(sessionKey)) return sessionKey
  const [tenancy, id] = caller.keyId.split('/')
  const compartment = instance?.compartment
  const claims = {
    ...{ sub: id, ttype: 'x509', ptype: 'instance', tenant: tenancy },
    ...{ 'opc-certtype': 'instance', 'opc-instance': id },
    ...{ 'opc-tenant': tenancy, 'opc-compartment': compartment },
    ...{ res_tenant: tenancy, res_compartment: compartment, res_type: 'instance' },
  }
  return await issuer.issue(claims, sessionKey, behaviors.federation.lifetime)
}
