import { appendPath } from '../http/upstream-url.ts'
import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import { type Region, resolveRegion } from '../regions.ts'
import type { RetryPolicy } from '../resilience/retry-policy.ts'
import { type AuthAdvice, type AuthFailure, callAuth } from './call.ts'
import type { AuthDependencies } from './dependencies.ts'
import { readAddress } from './variables.ts'

/** The instance metadata service (IMDS). */
export interface Metadata {
  /** Reads the text at a path such as `identity/cert.pem`. */
  get(path: string): Promise<string>
}

const BASE = new URL('http://169.254.169.254/opc/v2')
/** Two attempts of two seconds each, so that outside OCI the call fails within five seconds. */
const TIMEOUT = 2_000
const RETRY: RetryPolicy = {
  maxAttempts: 2,
  initialDelay: 200,
  maxDelay: 500,
  maxRetryAfter: 500,
  deadline: 5_000,
}

const ACTION = "read the instance's metadata"
/** A network that wants users to sign in answers every call with its page, or redirects to it. */
const PAGE = {
  reason: 'metadata_page',
  advice: 'A captive portal or a proxy answers instead of OCI. Sign in to the network or set ' +
    'NO_PROXY=169.254.169.254. Outside of an OCI compute instance, use an API key: "oci setup config"',
}

/** Creates a client of the metadata service, version 2. Makes no call itself. */
export function createMetadata(dependencies: AuthDependencies): Metadata {
  const base = readAddress(dependencies.environment, 'OCI_METADATA_BASE_URL') ?? BASE
  return {
    async get(path) {
      const text = await callAuth({
        action: ACTION,
        method: 'GET',
        url: appendPath(base, path),
        // Version 2 requires this header as protection against server-side request forgery.
        headers: { authorization: 'Bearer Oracle' },
        timeout: TIMEOUT,
        retry: RETRY,
        // A new instance may not have its certificates yet.
        retryable: path.startsWith('identity/') ? [404] : [],
        advise,
      }, dependencies)
      if (!/^\s*</.test(text)) return text
      throw new ApiError(
        'upstream_auth_error',
        `Cannot ${ACTION}: "${base.host}" answered with a web page. ${PAGE.advice}`,
        { reason: PAGE.reason },
      )
    },
  }
}

/** The region of the instance, also in a realm that the table of regions does not contain. */
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
      advice: 'Outside of an OCI compute instance, unset OCI_AUTH and use an API key: ' +
        '"oci setup config". Behind a proxy, set NO_PROXY=169.254.169.254',
    }
  }
  if (status >= 300 && status < 400) return PAGE
  return {
    reason: 'metadata_refused',
    advice: 'Check its response: ' +
      'curl -H "Authorization: Bearer Oracle" http://169.254.169.254/opc/v2/instance/',
  }
}
