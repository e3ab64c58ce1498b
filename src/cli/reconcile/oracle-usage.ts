import { readConfig } from '../../config/read.ts'
import { readConfigSource } from '../../config/source.ts'
import { withCredential } from '../../config/environment.ts'
import { ApiError } from '../../errors.ts'
import { errorBodyOf } from '../../oci/http/error.ts'
import { readAddress } from '../../oci/auth/variables.ts'
import { resolveRegion, usageEndpoint } from '../../oci/regions.ts'
import { type OracleUsage, requestUsage, type UsagePeriod } from '../../oci/usage/request-usage.ts'
import type { Environment } from '../../platform.ts'
import type { Host } from '../host.ts'
import { openHostPrincipal } from '../open-principal.ts'

/** Requests the usage of the credential's tenancy, in the region of the flags or of the credential. */
export async function readOracleUsage(
  host: Host,
  env: Environment,
  period: UsagePeriod,
): Promise<readonly OracleUsage[]> {
  const source = await readConfigSource(env, host.files)
  const config = readConfig(env, source, { requireKeys: false })
  const environment = withCredential(env, config.credential)
  const { principal, send } = await openHostPrincipal(host, environment)
  const [configured] = config.regions
  const region = configured === undefined
    ? principal.region
    : resolveRegion(configured, environment)
  const endpoint = readAddress(environment, 'OCI_USAGE_ENDPOINT') ??
    (region && usageEndpoint(region))
  const { tenancy } = principal
  if (!endpoint) throw missing('region', '--region with your home region')
  if (tenancy === undefined) throw missing('tenancy', 'a credential that names its tenancy')
  const context = { signal: host.signal, requestId: crypto.randomUUID() }
  return await requestUsage({ send, endpoint, tenancy }, period, context).catch(explain)
}

function missing(name: string, remedy: string): ApiError {
  const message = `The credential does not say its ${name}. Use ${remedy}`
  return new ApiError('configuration_error', message)
}

/** Adds the policy to a refusal. The other errors of OCI are about models or about the credential. */
function explain(thrown: unknown): never {
  const body = errorBodyOf(thrown)
  if (body?.status !== 403 && body?.status !== 404) throw thrown
  throw new ApiError(
    'permission_denied',
    `OCI refuses to answer the usage: ${body.message}\nIt needs the policy "Allow group GROUP to ` +
      'read usage-report in tenancy", and your home region (--region)',
    { cause: thrown },
  )
}
