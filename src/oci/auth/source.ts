import { ApiError } from '../../errors.ts'
import type { Environment, Files } from '../../platform.ts'
import { type ConfigProfile, parseConfigFile, selectProfile } from './config-file.ts'
import { CONFIG_FILE_VARIABLES, findConfigFile } from './find-config-file.ts'
import {
  environmentSettings,
  profileSettings,
  type SettingName,
  type Settings,
  VARIABLES,
} from './settings.ts'

/** Where the settings of a credential come from: a profile, the environment, or both. */
export interface Source {
  /** For messages: `profile "DEFAULT" of "/home/me/.oci/config"`, or `the environment`. */
  name: string
  /** The configuration file; `undefined` if none was read. */
  path: string | undefined
  /** The profile of the configuration file; `undefined` if no file was read. */
  profile: ConfigProfile | undefined
  profileName: string
  /** The environment takes precedence over the profile. */
  settings: Settings
  /** The problems that prevent their use. */
  states: string[]
}

/** Settings that identify a user. A region or a passphrase alone is no credential. */
const IDENTITY: readonly SettingName[] = [
  'tenancy',
  'user',
  'fingerprint',
  'key_file',
  'key_content',
]

/**
 * Finds the settings in the environment and the configuration file. With a complete environment no
 * file is read; otherwise each variable overrides the value of the file.
 */
export async function openSource(
  environment: Environment,
  files: Files | undefined,
): Promise<Source> {
  const own = environmentSettings(environment)
  if (isComplete(own)) return environmentSource(own, [])
  const found = await findConfigFile(environment, files)
  if (found.path !== undefined) return openProfile(found, environment, own)
  if (!IDENTITY.some((name) => own.has(name))) throw noCredentials(found.tried)
  return environmentSource(own, [noFile(found.tried)])
}

function isComplete(own: Settings): boolean {
  return own.has('tenancy') && own.has('user') && own.has('fingerprint') && own.has('region') &&
    (own.has('key_file') || own.has('key_content'))
}

function environmentSource(settings: Settings, states: string[]): Source {
  const none = { path: undefined, profile: undefined, profileName: 'DEFAULT' }
  return { name: 'the environment', ...none, settings, states }
}

function openProfile(
  file: { path: string; text: string },
  environment: Environment,
  own: Settings,
): Source {
  const profiles = parseConfigFile(file.text, file.path)
  const profileName = environment['OCI_PROFILE']?.trim() ||
    environment['OCI_CLI_PROFILE']?.trim() || 'DEFAULT'
  const profile = selectProfile(profiles, profileName)
  if (profile === undefined) throw profileMissing(profileName, file.path, [...profiles.keys()])
  const name = `profile "${profileName}" of "${file.path}"`
  const content = profile.get('key_content')
  const states = content?.value
    ? [
      `"key_content" (line ${content.line}) must not be in this file, where it leaks easily; use "key_file"`,
    ]
    : []
  const settings = new Map([...profileSettings(profile), ...own])
  return { name, path: file.path, profile, profileName, settings, states }
}

function profileMissing(name: string, path: string, existing: readonly string[]): ApiError {
  const names = existing.map((other) => `"${other}"`).join(', ')
  const state = names
    ? `its profiles are ${names}. Set OCI_PROFILE to one of them, or create the profile`
    : 'it has no profiles. Create one'
  const message = `Cannot find profile "${name}" in "${path}": ${state} with: oci setup config`
  return configurationError(message, 'profile_missing')
}

function noCredentials(tried: string[]): ApiError {
  const variables = IDENTITY.flatMap((name) => VARIABLES.get(name) ?? []).join(', ')
  const message =
    `Cannot find OCI credentials: ${noFile(tried)}, and none of ${variables} is set. ` +
    'Run "oci setup config", or set these variables and OCI_REGION. Inside OCI, set OCI_AUTH to ' +
    'instance_principal, resource_principal or oke_workload_identity. "npx oci-genai-gateway init" ' +
    'configures the gateway step by step; "npx oci-genai-gateway demo" starts it without an account'
  return configurationError(message, 'no_credentials')
}

function noFile(tried: string[]): string {
  if (tried.length === 0) return 'this runtime has no file system'
  const paths = tried.map((path) => `"${path}"`).join(' or ')
  return `there is no file ${paths} (${CONFIG_FILE_VARIABLES.join(' and ')} are not set)`
}

function configurationError(message: string, reason: string): ApiError {
  return new ApiError('configuration_error', message, { reason })
}
