import type { Environment } from '../../platform.ts'
import type { ConfigProfile } from './config-file.ts'

/** The settings of a profile, named as in the configuration file. */
export type SettingName =
  | 'tenancy'
  | 'user'
  | 'fingerprint'
  | 'region'
  | 'key_file'
  | 'key_content'
  | 'pass_phrase'
  | 'security_token_file'
  | 'delegation_token_file'

/** A value and where it is set, for messages: a variable, or a key and its line. */
export interface Setting {
  value: string
  where: string
}

export type Settings = ReadonlyMap<SettingName, Setting>

/** The variables of each setting, by precedence. */
export const VARIABLES: ReadonlyMap<SettingName, readonly string[]> = new Map([
  ['tenancy', ['OCI_CLI_TENANCY']],
  ['user', ['OCI_CLI_USER']],
  ['fingerprint', ['OCI_CLI_FINGERPRINT']],
  ['region', ['OCI_REGION', 'OCI_CLI_REGION']],
  ['key_file', ['OCI_CLI_KEY_FILE']],
  ['key_content', ['OCI_CLI_KEY_CONTENT']],
  ['pass_phrase', ['OCI_CLI_PASSPHRASE']],
  ['security_token_file', ['OCI_CLI_SECURITY_TOKEN_FILE']],
  ['delegation_token_file', ['OCI_CLI_DELEGATION_TOKEN_FILE']],
])

/**
 * The keys of the configuration file. `key_content` is missing on purpose: keys do not belong in that
 * file. `pass_phrase` takes precedence over `passphrase`.
 */
const FILE_KEYS: readonly (readonly [key: string, name: SettingName])[] = [
  ['tenancy', 'tenancy'],
  ['user', 'user'],
  ['fingerprint', 'fingerprint'],
  ['region', 'region'],
  ['key_file', 'key_file'],
  ['passphrase', 'pass_phrase'],
  ['pass_phrase', 'pass_phrase'],
  ['security_token_file', 'security_token_file'],
  ['delegation_token_file', 'delegation_token_file'],
]

/** Describes a missing setting with all keys and variables that can set it. */
export function unset(inFile: boolean, ...names: SettingName[]): string {
  const keys = inFile ? names.filter((name) => name !== 'key_content') : []
  const variables = names.flatMap((name) => VARIABLES.get(name) ?? [])
  const places = [...keys.map((key) => `"${key}"`), ...variables]
  return places.length === 1 ? `${places[0]} is not set` : `neither ${places.join(' nor ')} is set`
}

/** Reads the settings from the environment. Empty variables count as unset. */
export function environmentSettings(environment: Environment): Settings {
  return new Map(
    [...VARIABLES].flatMap(([name, variables]) => {
      const where = variables.find((variable) => environment[variable]?.trim())
      const value = where && environment[where]
      if (!where || !value) return []
      // A passphrase may start or end with spaces.
      return [[name, { where, value: name === 'pass_phrase' ? value : value.trim() }] as const]
    }),
  )
}

/** Reads the settings from a profile. An empty value is kept: it overrides DEFAULT. */
export function profileSettings(profile: ConfigProfile): Settings {
  return new Map(
    FILE_KEYS.flatMap(([key, name]) => {
      const found = profile.get(key)
      if (found === undefined) return []
      return [[name, { value: found.value, where: `"${key}" (line ${found.line})` }] as const]
    }),
  )
}
