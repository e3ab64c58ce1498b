import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import type { ConfigProfile } from './config-file.ts'

/** The ways to authenticate, by the names of Oracle's command line where it has one. */
const KINDS = [
  'api_key',
  'security_token',
  'instance_principal',
  'instance_obo_user',
  'resource_principal',
  'oke_workload_identity',
  'token_exchange',
  'genai_api_key',
] as const

export type AuthKind = (typeof KINDS)[number]

/** The variables that choose a kind of credential, the first one first. */
const VARIABLES = ['OCI_AUTH', 'OCI_CLI_AUTH']

/** The kind that the environment asks for, if it does. */
export function namedKind(environment: Environment): AuthKind | undefined {
  const variable = VARIABLES.find((name) => environment[name]?.trim())
  const text = variable && environment[variable]?.trim().toLowerCase()
  if (!text) return undefined
  return kindOf(text) ?? unknown(`${variable} asks for "${text}"`)
}

/** The kind that a profile makes itself, called as in `profile "DEFAULT" of "…"`. */
export function profileKind(profile: ConfigProfile, name: string): AuthKind {
  if (profile.get('security_token_file')?.value) return 'security_token'
  const delegates = Boolean(profile.get('delegation_token_file')?.value)
  const type = profile.get('authentication_type')
  if (!type?.value) return delegates ? 'instance_obo_user' : 'api_key'
  const kind = kindOf(type.value.toLowerCase()) ??
    unknown(`line ${type.line} makes ${name} one of kind "${type.value}"`)
  return kind === 'instance_principal' && delegates ? 'instance_obo_user' : kind
}

function kindOf(text: string): AuthKind | undefined {
  return KINDS.find((kind) => kind === text)
}

function unknown(state: string): never {
  const message = `Cannot use the credential: ${state}; the kinds are ${KINDS.join(', ')}`
  throw new ApiError('configuration_error', message, { reason: 'unsupported_auth' })
}
