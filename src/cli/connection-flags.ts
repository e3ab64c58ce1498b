import { AUTH_KINDS } from '../oci/auth/kind.ts'
import { isOcid } from '../oci/auth/principal.ts'
import type { Environment } from '../platform.ts'
import { type OptionTable, type Values, wholeNumber } from './parse-arguments.ts'

/**
 * Flags of all commands that call OCI, named as the `oci` command names them. They take precedence
 * over the environment variables.
 */
export const CONNECTION_FLAGS = {
  profile: {
    ...{ type: 'string', value: 'NAME', completes: 'profile' },
    description: 'Profile of the OCI configuration file',
  },
  'config-file': {
    ...{ type: 'string', value: 'PATH', completes: 'file' },
    description: 'OCI configuration file',
  },
  region: {
    ...{ type: 'string', value: 'REGION', completes: 'region' },
    description: 'OCI region; several with commas',
  },
  auth: {
    ...{ type: 'string', value: 'KIND', choices: AUTH_KINDS },
    description: 'Kind of credential',
  },
  'compartment-id': {
    ...{ type: 'string', value: 'OCID', description: 'Compartment of the requests' },
    rule: { mustBe: 'an OCID such as ocid1.compartment.…', accepts: isOcid },
  },
  config: {
    ...{ type: 'string', value: 'PATH', completes: 'file' },
    description: "The gateway's configuration file",
  },
} as const satisfies OptionTable

/** Flags of the commands that listen on a port. */
export const LISTEN_FLAGS = {
  host: { type: 'string', value: 'ADDRESS', description: 'Address to listen on' },
  port: {
    ...{ type: 'string', value: 'PORT', short: 'p', description: 'Port; 0 selects a free one' },
    rule: wholeNumber('a port', 0, 65_535),
  },
} as const satisfies OptionTable

/** The variable that each flag replaces. */
const VARIABLES = {
  profile: 'OCI_PROFILE',
  'config-file': 'OCI_CONFIG_FILE',
  region: 'OCI_REGION',
  auth: 'OCI_AUTH',
  'compartment-id': 'OCI_COMPARTMENT_ID',
  config: 'GATEWAY_CONFIG',
  host: 'HOST',
  port: 'PORT',
} as const satisfies Record<keyof typeof CONNECTION_FLAGS | keyof typeof LISTEN_FLAGS, string>

/** The values of these flags; a command may have only some. */
export type FlagValues = Partial<Values<typeof CONNECTION_FLAGS & typeof LISTEN_FLAGS>>

/** Selects these flags from all flags of a command. */
export function connectionFlags(values: FlagValues): FlagValues {
  const entries = Object.entries(values).filter(([name]) => Object.hasOwn(VARIABLES, name))
  return Object.fromEntries(entries)
}

/** Variables of a user's key, which take precedence over a profile that a variable names. */
const KEY_VARIABLES = [
  ...['OCI_CLI_TENANCY', 'OCI_CLI_USER', 'OCI_CLI_FINGERPRINT'],
  ...['OCI_CLI_KEY_FILE', 'OCI_CLI_KEY_CONTENT', 'OCI_CLI_PASSPHRASE'],
]

/**
 * Replaces environment variables by the flags that are set. A profile that a flag names is used
 * instead of a key in the environment.
 */
export function withFlags(env: Environment, values: FlagValues): Environment {
  const replaced = Object.entries(VARIABLES)
    .map(([flag, variable]) => [variable, values[flag as keyof typeof VARIABLES]])
    .filter(([, value]) => value !== undefined)
  const namesProfile = values.profile !== undefined || values['config-file'] !== undefined
  const dropped = (namesProfile ? KEY_VARIABLES : []).map((variable) => [variable, undefined])
  return { ...env, ...Object.fromEntries([...dropped, ...replaced]) }
}

/** Names a variable, or the flag that replaces it, as the source of a value. */
export function sourceOf(variable: string, values: FlagValues): string {
  const flag = flagOf(variable)?.slice(2)
  const isFlag = flag !== undefined && values[flag as keyof typeof VARIABLES] !== undefined
  return isFlag ? `flag --${flag}` : `variable ${variable}`
}

/** The flag that replaces a variable, for messages: `--port`. */
export function flagOf(variable: string): string | undefined {
  const entry = Object.entries(VARIABLES).find(([, name]) => name === variable)
  return entry && `--${entry[0]}`
}
