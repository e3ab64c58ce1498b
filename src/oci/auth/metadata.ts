import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import { type Region, resolveRegion } from '../regions.ts'
import type { RetryPolicy } from '../resilience/retry-policy.ts'
import { type AuthAdvice, type AuthFailure, callAuth } from './call.ts'
import type { AuthDependencies } from './dependencies.ts'
import { addressBelow, readAddress } from './variables.ts'

/** What an instance may read about itself. */
export interface Metadata {
  /** The text below a path of the metadata service: `identity/cert.pem`. */
  get(path: string): Promise<string>
}

const BASE = new URL('http://169.254.169.254/opc/v2')
/** Two attempts of two seconds: whoever is not on OCI knows it within five. */
const TIMEOUT = 2_000
const RETRY: RetryPolicy = {
  attempts: 2,
  base: 200,
  cap: 500,
  patience: 500,
  deadline: 5_000,
}

/** The metadata service of an instance, version 2; nothing is asked before it is wanted. */
export function createMetadata(dependencies: AuthDependencies): Metadata {
  const base = readAddress(dependencies.environment, 'OCI_METADATA_BASE_URL') ?? BASE
  return {
    get: (path) =>
      callAuth({
        action: "read the instance's metadata",
        method: 'GET',
        url: addressBelow(base, path),
        // Version 2 refuses whoever does not say this, which keeps forged requests out.
        headers: { authorization: 'Bearer Oracle' },
        timeout: TIMEOUT,
        retry: RETRY,
        // An instance that has just been made may not have its certificates yet.
        passing: path.startsWith('identity/') ? [404] : [],
        advise,
      }, dependencies),
  }
}

/** Where the instance is; also in a realm that is newer than the table of regions. */
export async function metadataRegion(
  metadata: Metadata,
  environment: Environment,
): Promise<Region> {
  const info = await metadata.get('instance/regionInfo').catch((error: unknown) => {
    if (error instanceof ApiError && error.reason === 'not_on_oci') throw error
  })
  const id = info === undefined ? undefined : /"regionIdentifier"\s*:\s*"([^"]+)"/.exec(info)?.[1]
  return id && info
    ? resolveRegion(id, { ...environment, OCI_REGION_METADATA: info })
    : resolveRegion(await metadata.get('instance/region'), environment)
}

function advise({ status }: AuthFailure): AuthAdvice {
  if (status === undefined) {
    return {
      reason: 'not_on_oci',
      advice: 'Is this an OCI compute instance? Elsewhere unset OCI_AUTH and use an API key: ' +
        '"oci setup config". Behind a proxy set NO_PROXY=169.254.169.254',
    }
  }
  return {
    reason: 'metadata_refused',
    advice: 'See what it answers: ' +
      'curl -H "Authorization: Bearer Oracle" http://169.254.169.254/opc/v2/instance/',
  }
}
