import { configPath } from '../config/source.ts'
import type { Source } from '../oci/auth/source.ts'
import { editCommand, exportCommand } from '../causes/shell.ts'
import type { SettingName } from '../oci/auth/settings.ts'
import { createLocalFacts, type LocalFacts } from './local.ts'
import type { Machine } from './machine.ts'
import { createRemoteFacts, type RemoteFacts } from './remote.ts'

export interface DiagnosisOptions {
  /** Whether a model is called with the smallest chat. */
  callsModel: boolean
  /** The model to call; by default one of the list. */
  model?: string | undefined
}

/** All that the checks of one diagnosis share. */
export interface Session extends LocalFacts, RemoteFacts {
  machine: Machine
  options: DiagnosisOptions
  /** Whether an earlier check has failed, so that its cause may be that of later failures. */
  hasFailed(): boolean
}

/** Creates a session that reads nothing yet. */
export function createSession(
  machine: Machine,
  options: DiagnosisOptions,
  hasFailed: () => boolean,
): Session {
  const local = createLocalFacts(machine)
  return { machine, options, hasFailed, ...local, ...createRemoteFacts(machine, local) }
}

/** The keys and variables of the settings of a credential, as the user writes them. */
const VARIABLE_OF: Readonly<Record<SettingName, string>> = {
  tenancy: 'OCI_CLI_TENANCY',
  user: 'OCI_CLI_USER',
  fingerprint: 'OCI_CLI_FINGERPRINT',
  region: 'OCI_REGION',
  key_file: 'OCI_CLI_KEY_FILE',
  key_content: 'OCI_CLI_KEY_CONTENT',
  pass_phrase: 'OCI_CLI_PASSPHRASE',
  security_token_file: 'OCI_CLI_SECURITY_TOKEN_FILE',
  delegation_token_file: 'OCI_CLI_DELEGATION_TOKEN_FILE',
}

/**
 * The line that changes a setting of a credential: a variable if a variable sets it or no file is
 * read, otherwise a line of the OCI configuration file.
 */
export function changeSetting(name: SettingName, value: string, source: Source): string {
  const where = source.settings.get(name)?.where
  const variable = where?.startsWith('"') ? undefined : where
  if (variable !== undefined) return exportCommand(variable, value)
  return source.profile === undefined ? exportCommand(VARIABLE_OF[name], value) : `${name}=${value}`
}

/** Where a setting of a credential is: `"fingerprint" (line 4) of "/home/me/.oci/config"`. */
export function placeOfSetting(name: SettingName, { settings, path }: Source): string {
  const where = settings.get(name)?.where ?? `"${name}"`
  return where.startsWith('"') && path !== undefined ? `${where} of "${path}"` : where
}

/** A setting of the gateway that a variable or a key of its configuration file sets. */
export interface GatewaySetting {
  /** As the user writes it: `OCI_GENAI_ENDPOINT`, `"inferenceEndpoint" in gateway.json`. */
  name: string
  /** The command that removes or changes it. */
  change: string
}

/** Finds out whether a variable or a key of the configuration file sets something. */
export async function gatewaySetting(
  variable: string,
  key: string,
  { machine, settings }: Session,
): Promise<GatewaySetting> {
  const own = await settings()
  const path = own.type === 'done' && own.value.source ? configPath(machine.env) : undefined
  if (machine.env[variable]?.trim() || path === undefined) {
    return { name: variable, change: `unset ${variable}` }
  }
  return { name: `"${key}" in "${path}"`, change: editCommand(path) }
}
