import type { Credentials } from '../credentials.ts'
import type { Exchange } from '../exchange.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import type { Fields } from '../shape.ts'
import { type Coverage, verifySignature } from '../verify-signature.ts'
import { type FederationDetails, leafHolder } from './leaf-holder.ts'
import { readSessionKey, readTokenDetails } from './read-details.ts'

const DETAILS: Fields = {
  certificate: 'string',
  publicKey: 'string',
  intermediateCertificates: { list: 'string' },
  'purpose?': { words: ['DEFAULT', 'SERVICE_PRINCIPAL'] },
  'fingerprintAlgorithm?': { words: ['SHA256'] },
}
/** Every SDK signs `date` here, and some leave the host out. */
const COVERAGE: Coverage = { dates: ['date'], host: false }

/** `POST /v1/x509`: a token for whoever holds the key of an instance's certificate. */
export async function federate(
  { seen, url }: Exchange,
  { issuer, instance, conducts }: Credentials,
  now: number,
): Promise<string | Refusal> {
  const details = readTokenDetails<FederationDetails>(DETAILS, seen.json)
  if (isRefusal(details)) return details
  const findKey = leafHolder(instance, details, now)
  const caller = await verifySignature({ ...seen, url }, findKey, now, COVERAGE)
  if (isRefusal(caller)) return caller
  const holder = await readSessionKey(details.publicKey)
  if (isRefusal(holder)) return holder
  const [tenancy, id] = caller.keyId.split('/')
  const compartment = instance?.compartment
  const claims = {
    ...{ sub: id, ttype: 'x509', ptype: 'instance', tenant: tenancy },
    ...{ 'opc-certtype': 'instance', 'opc-instance': id },
    ...{ 'opc-tenant': tenancy, 'opc-compartment': compartment },
    ...{ res_tenant: tenancy, res_compartment: compartment, res_type: 'instance' },
  }
  return await issuer.issue(claims, holder, conducts.federation.life)
}
