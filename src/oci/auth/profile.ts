import { ApiError } from '../../errors.ts'
import type { Environment, Files } from '../../platform.ts'
import { resolveRegion } from '../regions.ts'
import { checkSettings, firstRegion } from './check-settings.ts'
import { parseConfigFile, selectProfile } from './config-file.ts'
import { CONFIG_FILE_VARIABLES, findConfigFile } from './find-config-file.ts'
import { normalFingerprint } from './identity.ts'
import { asksForApiKey, checkProfileKind } from './profile-kind.ts'
import { readKey } from './read-key.ts'
import {
  environmentSettings,
  profileSettings,
  type SettingName,
  type Settings,
  VARIABLES,
} from './settings.ts'

/** An API key as it was configured: complete and well-formed, but not tried yet. */
export interface Profile {
  tenancy: string
  user: string
  /** Lower case, with colons. */
  fingerprint: string
  /** The id; of several in `OCI_REGION` the first. */
  region: string
  /** PEM text, perhaps encrypted. */
  privateKey: string
  passphrase: string | undefined
  /** For messages: `profile "DEFAULT" of "/home/me/.oci/config"`, or `the environment`. */
  source: string
}

interface Source {
  name: string
  /** Whether a configuration file was read. */
  inFile: boolean
  settings: Settings
  states: string[]
}

/** What says who we are; a region or a passphrase alone is no credential. */
const IDENTITY: readonly SettingName[] = [
  'tenancy',
  'user',
  'fingerprint',
  'key_file',
  'key_content',
]

/**
 * The API key of the environment and the configuration file. A complete environment means that no
 * configuration file is read; otherwise each of its variables overrides the file's. Everything
 * that is missing or malformed is told at once.
 */
export async function loadProfile(
  environment: Environment,
  files: Files | undefined,
): Promise<Profile> {
  const explicit = asksForApiKey(environment)
  const own = environmentSettings(environment)
  const source = isComplete(own)
    ? environmentSource([])
    : await openSource(own, environment, files, explicit)
  const settings: Settings = new Map([...source.settings, ...own])
  const key = await readKey(settings, source.inFile, files)
  const wrong = checkSettings(settings, source.inFile, environment)
  const states = [...wrong, ...key.states, ...source.states]
  if (states.length > 0) {
    throw configurationError(`Cannot use ${source.name}: ${states.join('; ')}`, 'invalid_profile')
  }
  const value = (name: SettingName) => settings.get(name)?.value ?? ''
  return {
    tenancy: value('tenancy'),
    user: value('user'),
    fingerprint: normalFingerprint(value('fingerprint')) ?? '',
    region: resolveRegion(firstRegion(value('region')), environment).id,
    privateKey: key.text,
    passphrase: value('pass_phrase') || undefined,
    source: source.name,
  }
}

function isComplete(own: Settings): boolean {
  return own.has('tenancy') && own.has('user') && own.has('fingerprint') && own.has('region') &&
    (own.has('key_file') || own.has('key_content'))
}

function environmentSource(states: string[]): Source {
  return { name: 'the environment', inFile: false, settings: new Map(), states }
}

async function openSource(
  own: Settings,
  environment: Environment,
  files: Files | undefined,
  explicit: boolean,
): Promise<Source> {
  const found = await findConfigFile(environment, files)
  if (found.path !== undefined) return openProfile(found, environment, explicit)
  if (!IDENTITY.some((name) => own.has(name))) throw noCredentials(found.tried)
  return environmentSource([noFile(found.tried)])
}

function openProfile(
  file: { path: string; text: string },
  environment: Environment,
  explicit: boolean,
): Source {
  const profiles = parseConfigFile(file.text, file.path)
  const profileName = environment['OCI_PROFILE']?.trim() ||
    environment['OCI_CLI_PROFILE']?.trim() || 'DEFAULT'
  const profile = selectProfile(profiles, profileName)
  if (profile === undefined) {
    const names = [...profiles.keys()].map((name) => `"${name}"`).join(', ')
    const message = `Cannot find profile "${profileName}" in "${file.path}": it has ${
      names || 'none'
    }`
    throw configurationError(message, 'profile_missing')
  }
  const name = `profile "${profileName}" of "${file.path}"`
  if (!explicit) checkProfileKind(profile, name)
  const content = profile.get('key_content')
  const states = content?.value
    ? [`"key_content" (line ${content.line}) puts a key where it leaks easily; use "key_file"`]
    : []
  return { name, inFile: true, settings: profileSettings(profile), states }
}

function noCredentials(tried: string[]): ApiError {
  const variables = IDENTITY.flatMap((name) => VARIABLES.get(name) ?? []).join(', ')
  const message =
    `Cannot find OCI credentials: ${noFile(tried)}, and none of ${variables} is set. ` +
    'Run "oci setup config", or set these variables and OCI_REGION, or try "npm run demo"'
  return configurationError(message, 'no_credentials')
}

function noFile(tried: string[]): string {
  if (tried.length === 0) return 'there are no files on this runtime'
  const paths = tried.map((path) => `"${path}"`).join(' or ')
  return `there is no file ${paths} (${CONFIG_FILE_VARIABLES.join(' and ')} are not set)`
}

function configurationError(message: string, reason: string): ApiError {
  return new ApiError('configuration_error', message, { reason })
}
