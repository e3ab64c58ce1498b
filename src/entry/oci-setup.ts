import type { Config } from '../config/read.ts'
import { ApiError } from '../errors.ts'
import type { Principal } from '../oci/auth/principal.ts'
import type { OciSetup } from '../oci/context.ts'
import type { OciClock } from '../oci/http/clock.ts'
import { createSender } from '../oci/http/send.ts'
import { type Region, resolveRegion } from '../oci/regions.ts'
import type { Environment, Platform } from '../platform.ts'
import { locateRegions } from './locate-regions.ts'
import { createOciState, type OciState } from './oci-state.ts'

/** Combines the configuration with the credential to the setup of the client of OCI. */
export function ociSetup(
  config: Config,
  principal: Principal,
  { env, platform, clock, state = createOciState(config, platform) }: {
    env: Environment
    platform: Platform
    clock: OciClock
    /** Default: a new one. */
    state?: OciState
  },
): OciSetup {
  const { credential } = principal
  const regions = regionsOf(config, principal, env)
  const responseTimeout = config.timeouts.response
  const { quirks, signatures, budget, breaker } = state
  return {
    ...{ platform, quirks, signatures, budget, breaker },
    send: createSender({ credential, clock, platform, responseTimeout }),
    ...settingsOf(config),
    ...locateRegions(config, regions, {
      ...{ regional: credential.scheme === 'bearer', now: platform.now, env, state },
    }),
    compartmentId: compartmentOf(config, principal),
    // Native requests need a compartment, which a bearer key does not tell.
    scheme: config.nativeBearer && config.compartmentId ? 'signature' : credential.scheme,
    signsBodies: credential.scheme !== 'bearer',
    isReady: credential.isReady,
    rateLimits: state.rateLimits(config.rateLimitQueue),
  }
}

/** Settings that are passed to the OCI client unchanged. */
function settingsOf({ project, aliases, fallbacks, models, retry, timeouts, limits }: Config) {
  return { project, aliases, fallbacks, models, retry, timeouts, limits: limits.request }
}

/** The regions to call, in order. The credential's own region may be another one. */
export function regionsOf(
  { regions: [first, ...others] }: Config,
  { region, source }: Principal,
  env: Environment,
): readonly [Region, ...Region[]] {
  if (first !== undefined) {
    return [resolveRegion(first, env), ...others.map((other) => resolveRegion(other, env))]
  }
  if (region !== undefined) return [region]
  throw undetermined('region', `${source} does not contain a region`, 'OCI_REGION')
}

/** The root compartment has the tenancy's own OCID; a bearer key implies its own. */
function compartmentOf(
  { compartmentId }: Config,
  { tenancy, source, credential }: Principal,
): string {
  const compartment = compartmentId ?? tenancy
  if (compartment !== undefined) return compartment
  if (credential.scheme === 'bearer') return ''
  throw undetermined('compartment', `${source} does not contain a tenancy`, 'OCI_COMPARTMENT_ID')
}

function undetermined(setting: string, state: string, variable: string): ApiError {
  const message = `Cannot determine the ${setting}: ${state}. Set ${variable}`
  return new ApiError('configuration_error', message, { reason: 'missing_variable' })
}
