import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import type { ConfigProfile } from './config-file.ts'

/** The kinds of credentials, named as in Oracle's CLI where it supports them. */
export const KINDS = [
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

/** The variables that select a kind of credential, by precedence. */
const VARIABLES = ['OCI_AUTH', 'OCI_CLI_AUTH']

/** The kind that the environment selects, if any. */
export function namedKind(environment: Environment): AuthKind | undefined {
  const variable = VARIABLES.find((name) => environment[name]?.trim())
  const text = variable && environment[variable]?.trim().toLowerCase()
  if (!text) return undefined
  return kindOf(text) ?? unknown(`${variable} is "${text}"`)
}

/** The kind of a profile. `name` is for messages: `profile "DEFAULT" of "…"`. */
export function profileKind(profile: ConfigProfile, name: string): AuthKind {
  if (profile.get('security_token_file')?.value) return 'security_token'
  const delegates = Boolean(profile.get('delegation_token_file')?.value)
  const type = profile.get('authentication_type')
  if (!type?.value) return delegates ? 'instance_obo_user' : 'api_key'
  const kind = kindOf(type.value.toLowerCase()) ??
    unknown(`authentication_type (line ${type.line}) in ${name} is "${type.value}"`)
  return kind === 'instance_principal' && delegates ? 'instance_obo_user' : kind
}

function kindOf(text: string): AuthKind | undefined {
  return KINDS.find((kind) => kind === text)
}

function unknown(state: string): never {
  const message = `Cannot select a credential: ${state}. It must be one of ${KINDS.join(', ')}`
  throw new ApiError('configuration_error', message, { reason: 'unsupported_auth' })
}
