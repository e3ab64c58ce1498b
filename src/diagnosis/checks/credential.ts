import { editCommand, exportCommand, quoteForShell } from '../../causes/shell.ts'
import type { ApiError } from '../../errors.ts'
import { nearestNames } from '../../nearest-names.ts'
import { CONFIG_FILE_VARIABLES } from '../../oci/auth/find-config-file.ts'
import { AUTH_KINDS } from '../../oci/auth/kind.ts'
import { expandHome } from '../../oci/auth/read-file.ts'
import type { Source } from '../../oci/auth/source.ts'
import { fail, type Finding, ok, warn } from '../finding.ts'
import type { Machine } from '../machine.ts'
import type { Session } from '../session.ts'

/** Oracle's tools read this file unless a variable of theirs names another one. */
const DEFAULT_FILE = '~/.oci/config'

/** Which credential is selected, and where its settings are from. */
export async function checkCredential({ machine, selection }: Session): Promise<Finding> {
  const selected = await selection()
  if (selected.type === 'failed') return explain(selected.error, machine)
  const { kind, source } = selected.value
  if (source === undefined) return ok(`${kind}, selected by the environment`)
  return await findOtherFile(source, machine) ?? ok(`${kind}: ${source.name}${overrides(source)}`)
}

function overrides({ settings, profile }: Source): string {
  if (profile === undefined) return ''
  const variables = [...settings.values()].map(({ where }) => where)
    .filter((where) => !where.startsWith('"'))
  return variables.length > 0 ? `, overridden by ${variables.join(', ')}` : ''
}

/** The oci command reads its own variable only, so it may use another file. */
async function findOtherFile(
  source: Source,
  { env, files }: Machine,
): Promise<Finding | undefined> {
  const variable = CONFIG_FILE_VARIABLES.find((name) => env[name]?.trim())
  if (source.path === undefined || variable !== 'OCI_CONFIG_FILE') return undefined
  const other = expandHome(env['OCI_CLI_CONFIG_FILE']?.trim() || DEFAULT_FILE, files.home)
  if (other === source.path) return undefined
  const text = await files.read(other).catch(() => undefined)
  if (text === undefined) return undefined
  const values = { used: source.path, other, variable, quoted: quoteForShell(source.path) }
  return warn('two_oci_configs', values)
}

function explain({ reason, message, cause }: ApiError, machine: Machine): Finding {
  switch (reason) {
    case 'no_credentials':
      return fail('no_credentials', { problem: firstSentence(message) })
    case 'config_file_missing':
      return explainMissingFile(message, machine)
    case 'invalid_config_file':
      return explainSyntax(message)
    case 'profile_missing':
      return explainProfile(message)
    case 'unsupported_auth':
      return explainKind(message)
    case 'unreadable_file':
      return explainUnreadable(message, cause, 'the configuration file')
  }
  return fail('unusable_credential', { problem: message, change: 'oci setup config' })
}

function firstSentence(message: string): string {
  return /^Cannot find OCI credentials: (.*?)\. Run /.exec(message)?.[1] ?? message
}

function explainMissingFile(message: string, { env, files }: Machine): Finding {
  const variable = CONFIG_FILE_VARIABLES.find((name) => env[name]?.trim()) ?? 'OCI_CONFIG_FILE'
  const path = /there is no file "(.*)"/.exec(message)?.[1] ??
    expandHome(env[variable] ?? '', files.home)
  return fail('oci_config_missing', { variable, path })
}

function explainSyntax(message: string): Finding {
  const [, path = '', line] = /^Cannot read "(.*?)": (?:line (\d+))?/.exec(message) ?? []
  const change = editCommand(path, line === undefined ? undefined : Number(line))
  return fail('oci_config_invalid', { problem: message, change })
}

function explainProfile(message: string): Finding {
  // The profile and the file come first, then the profiles of the file, then the advice.
  const [state = ''] = message.split('. Set OCI_PROFILE')
  const [profile = '', path = '', ...names] = [...state.matchAll(/"([^"]*)"/g)]
    .map(([, name = '']) => name)
  const nearest = nearestNames(profile, names)[0] ?? names[0]
  if (nearest === undefined) return fail('no_profiles', { profile, path })
  const profiles = names.map((name) => `"${name}"`).join(', ')
  return fail('profile_missing', { profile, path, profiles, nearest: quoteForShell(nearest) })
}

function explainKind(message: string): Finding {
  const [, state = ''] = message.split('credential: ')
  const [place = '', text = ''] = state.split(/ is "|"\./)
  const nearest = nearestNames(text, AUTH_KINDS)[0] ?? 'api_key'
  const change = /^[A-Z_]+$/.test(place)
    ? exportCommand(place, nearest)
    : `authentication_type=${nearest}`
  return fail('auth_kind_unknown', { problem: message, change })
}

/** Explains a file that exists but cannot be read. */
export function explainUnreadable(message: string, cause: unknown, setting: string): Finding {
  const path = /^Cannot read "(.*?)":/.exec(message)?.[1] ?? ''
  const isFolder = cause instanceof Error && 'code' in cause && cause.code === 'EISDIR'
  return isFolder
    ? fail('file_is_a_folder', { setting, path, change: `ls -l ${quoteForShell(path)}` })
    : fail('file_unreadable', { path, quoted: quoteForShell(path) })
}
