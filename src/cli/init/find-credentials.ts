import type { ConfigFile } from '../../config/schema.ts'
import { ApiError } from '../../errors.ts'
import { parseConfigFile, selectProfile } from '../../oci/auth/config-file.ts'
import { CONFIG_FILE_VARIABLES, findConfigFile } from '../../oci/auth/find-config-file.ts'
import { type AuthKind, namedKind, profileKind } from '../../oci/auth/kind.ts'
import { openSource } from '../../oci/auth/source.ts'
import { readAddress, readVariable } from '../../oci/auth/variables.ts'
import type { Environment } from '../../platform.ts'
import type { Host } from '../host.ts'
import type { Choice } from './prompts.ts'

/** A credential of this machine that the configuration can select. */
export interface FoundCredential extends Choice {
  hint: string
  /** The key of the configuration file; `undefined` if the environment selects it anyway. */
  credential: ConfigFile['credential']
}

/**
 * Finds the credentials of this machine: those of the environment, the profiles of OCI's
 * configuration file and, without any of these, the instance. Throws if there is none.
 */
export async function findCredentials(
  env: Environment,
  host: Host,
): Promise<readonly FoundCredential[]> {
  const kind = namedKind(env)
  if (kind !== undefined && !PROFILE_KINDS.has(kind)) return [ofKind(kind, 'selected by OCI_AUTH')]
  if (await isInEnvironment(env, host)) {
    const label = 'API key of the environment variables'
    return [{ value: 'environment', label, hint: 'OCI_CLI_USER', credential: undefined }]
  }
  const profiles = await profilesOf(env, kind, host)
  const profile = readVariable(env, 'OCI_PROFILE', 'OCI_CLI_PROFILE')
  if (profile !== undefined && !profiles.some(({ value }) => value === `profile ${profile}`)) {
    // Throws the error that names the profiles.
    await openSource(env, host.files)
  }
  const found = [...profiles, ...ofVariables(env)]
  if (found.length > 0) return found
  if (await isInstance(env, host)) return [ofKind('instance_principal', 'this compute instance')]
  // Throws the error that names all places.
  await openSource(env, host.files)
  return []
}

const PROFILE_KINDS = new Set<AuthKind>(['api_key', 'security_token', 'instance_obo_user'])

const LABELS: Readonly<Record<AuthKind, string>> = {
  api_key: 'API key',
  security_token: 'session of "oci session authenticate"',
  instance_principal: 'instance principal',
  instance_obo_user: 'delegated token of an instance',
  resource_principal: 'resource principal',
  oke_workload_identity: 'OKE workload identity',
  token_exchange: 'exchanged token',
  genai_api_key: 'API key of OCI Generative AI',
}

function ofKind(kind: AuthKind, hint: string): FoundCredential {
  return { value: kind, label: LABELS[kind], hint, credential: { auth: kind } }
}

/** Whether the environment is complete, so that no profile is read. */
async function isInEnvironment(env: Environment, { files }: Host): Promise<boolean> {
  try {
    return (await openSource(env, files)).profile === undefined
  } catch (thrown) {
    if (thrown instanceof ApiError) return false
    throw thrown
  }
}

async function profilesOf(
  env: Environment,
  kind: AuthKind | undefined,
  { files }: Host,
): Promise<FoundCredential[]> {
  const file = await findConfigFile(env, files)
  if (file.path === undefined) return []
  const profiles = parseConfigFile(file.text, file.path)
  const named = readVariable(env, ...CONFIG_FILE_VARIABLES)
  return [...profiles.keys()].map((name) => {
    const values = selectProfile(profiles, name) ?? new Map()
    const label = LABELS[kind ?? profileKind(values, `profile "${name}" of "${file.path}"`)]
    const region = values.get('region')?.value
    return {
      value: `profile ${name}`,
      label: named === undefined ? `profile ${name}` : `profile ${name} of ${named}`,
      hint: region ? `${label}, ${region}` : label,
      credential: {
        profile: name,
        ...(named !== undefined && { configFile: named }),
        ...(kind !== undefined && { auth: kind }),
      },
    }
  })
}

/** Credentials that their variables announce. */
function ofVariables(env: Environment): FoundCredential[] {
  const announced: readonly (readonly [variable: string, kind: AuthKind])[] = [
    ['OCI_RESOURCE_PRINCIPAL_VERSION', 'resource_principal'],
    ['KUBERNETES_SERVICE_HOST', 'oke_workload_identity'],
    ['OCI_GENAI_API_KEY', 'genai_api_key'],
  ]
  return announced
    .filter(([variable]) => readVariable(env, variable) !== undefined)
    .map(([variable, kind]) => ofKind(kind, `${variable} is set`))
}

/** Outside of OCI, no host answers at the address of the metadata service. */
const METADATA = 'http://169.254.169.254/opc/v2'
const METADATA_TIMEOUT = 1_000

async function isInstance(env: Environment, { fetch, signal }: Host): Promise<boolean> {
  const base = readAddress(env, 'OCI_METADATA_BASE_URL')?.href.replace(/\/$/, '') ?? METADATA
  try {
    const response = await fetch(`${base}/instance/region`, {
      headers: { authorization: 'Bearer Oracle' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(METADATA_TIMEOUT)]),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
