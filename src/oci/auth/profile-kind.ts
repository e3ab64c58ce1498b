import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import type { ConfigProfile } from './config-file.ts'

/** The variables that choose a kind of credential, the first one first. */
const VARIABLES = ['OCI_AUTH', 'OCI_CLI_AUTH']

/** Whether the environment asks for an API key; asking for anything else is an error. */
export function asksForApiKey(environment: Environment): boolean {
  const variable = VARIABLES.find((name) => environment[name]?.trim())
  const kind = variable && environment[variable]?.trim().toLowerCase()
  if (!kind || kind === 'api_key') return kind === 'api_key'
  throw unsupported(`${variable} asks for "${kind}"`)
}

/** Refuses a profile that is no API key, named as in `profile "DEFAULT" of "…"`. */
export function checkProfileKind(profile: ConfigProfile, name: string): void {
  const type = profile.get('authentication_type')
  if (type?.value && type.value !== 'api_key') {
    throw unsupported(`line ${type.line} makes ${name} one of kind "${type.value}"`)
  }
  const token = profile.get('security_token_file')
  if (token?.value) {
    throw unsupported(`"security_token_file" (line ${token.line}) makes ${name} a security_token`)
  }
  const delegation = profile.get('delegation_token_file')
  if (delegation?.value) {
    const where = `"delegation_token_file" (line ${delegation.line})`
    throw unsupported(`${where} makes ${name} an instance_obo_user`)
  }
}

function unsupported(state: string): ApiError {
  const message = `Cannot use the credential: ${state}, and this version supports only API keys`
  return new ApiError('configuration_error', message, { reason: 'unsupported_auth' })
}
