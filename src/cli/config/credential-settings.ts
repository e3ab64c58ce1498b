import { toApiError } from '../../errors.ts'
import { findConfigFile } from '../../oci/auth/find-config-file.ts'
import { namedKind, profileKind } from '../../oci/auth/kind.ts'
import { openSource, type Source } from '../../oci/auth/source.ts'
import { controlEndpoint, inferenceEndpoint, resolveRegion } from '../../oci/regions.ts'
import type { Environment, Files } from '../../platform.ts'

/** The value of a setting and where it is set. */
export interface EffectiveSetting {
  value: unknown
  /** A file with the line, a variable, a flag, an OCI profile with the line, or `default`. */
  source: string
}

/** What the credential sets: its own values, and defaults of the gateway's settings. */
export interface CredentialSettings {
  /** The values of the profile or of variables, such as `oci.tenancy`. Never a private key. */
  settings: readonly (readonly [key: string, setting: EffectiveSetting])[]
  /** Defaults by the key of the configuration file. */
  defaults: ReadonlyMap<string, EffectiveSetting>
  /** OCI's endpoints in a region. */
  endpointsOf(region: string | undefined): (readonly [key: string, setting: EffectiveSetting])[]
  /** Why the credential cannot be read. */
  warnings: readonly string[]
}

/** Values that are never printed. */
const SECRET = new Set(['key_content', 'pass_phrase'])
const NOT_SHOWN = '(not shown)'
const UNKNOWN: EffectiveSetting = { value: null, source: 'default' }

/**
 * Reads the credential's settings, without its keys and without a call.
 * @param describe names a variable as a source
 */
export async function describeCredential(
  env: Environment,
  files: Files,
  describe: (variable: string) => string,
): Promise<CredentialSettings> {
  const endpointsOf = (region: string | undefined) => endpoints(region, env)
  try {
    const kind = namedKind(env)
    if (kind !== undefined && !isOfProfile(kind)) {
      return { settings: [], defaults: ofKind(kind), endpointsOf, warnings: [] }
    }
    const source = await openSource(env, files)
    const settings = Array.from(source.settings, ([name, { value, where }]) => {
      const shown = SECRET.has(name) ? NOT_SHOWN : value
      return [`oci.${name}`, { value: shown, source: placeOf(where, source, describe) }] as const
    })
    const defaults = await defaultsOf(source, new Map(settings), env, files)
    return { settings, defaults, endpointsOf, warnings: source.states }
  } catch (thrown) {
    return {
      ...{ settings: [], defaults: new Map(), endpointsOf },
      warnings: [toApiError(thrown).message],
    }
  }
}

function isOfProfile(kind: string): boolean {
  return ['api_key', 'security_token', 'instance_obo_user'].includes(kind)
}

/** The region and the tenancy are known only when such a credential is used. */
function ofKind(kind: string): ReadonlyMap<string, EffectiveSetting> {
  const atStart = { value: null, source: `the credential ${kind}, when it is used` }
  return new Map([['regions', atStart], ['compartmentId', atStart]])
}

/** A variable, or a key of the profile with its line. */
function placeOf(where: string, { name }: Source, describe: (variable: string) => string): string {
  return where.startsWith('"') ? `${name}: ${where}` : describe(where)
}

async function defaultsOf(
  { profile, profileName, name }: Source,
  settings: ReadonlyMap<string, EffectiveSetting>,
  env: Environment,
  files: Files,
): Promise<ReadonlyMap<string, EffectiveSetting>> {
  const region = settings.get('oci.region')
  const tenancy = settings.get('oci.tenancy')
  const file = profile && await findConfigFile(env, files)
  return new Map<string, EffectiveSetting>([
    ['regions', region ? { ...region, value: String(region.value).split(',') } : UNKNOWN],
    ['compartmentId', tenancy ?? UNKNOWN],
    ['credential.auth', {
      value: profile ? profileKind(profile, name) : 'api_key',
      source: profile ? name : 'default',
    }],
    ['credential.profile', profile ? { value: profileName, source: 'default' } : UNKNOWN],
    ['credential.configFile', { value: file?.path ?? null, source: 'default' }],
  ])
}

function endpoints(
  id: string | undefined,
  env: Environment,
): (readonly [key: string, setting: EffectiveSetting])[] {
  if (id === undefined) return []
  const region = resolveRegion(id, env)
  return [
    ['inferenceEndpoint', { value: inferenceEndpoint(region).href, source: 'default' }],
    ['controlEndpoint', { value: controlEndpoint(region).href, source: 'default' }],
  ]
}
