import { ApiError } from '../../errors.ts'
import { resolveRegion } from '../regions.ts'
import { apiKey } from './api-key.ts'
import { delegationToken } from './delegation-token.ts'
import { genAiApiKeyOf } from './genai-api-key.ts'
import { instancePrincipal } from './instance-principal.ts'
import { type AuthKind, namedKind, profileKind } from './kind.ts'
import type { AuthDependencies } from './dependencies.ts'
import { okeWorkloadIdentity } from './oke-workload-identity.ts'
import type { Principal } from './principal.ts'
import { loadProfile } from './profile.ts'
import { resourcePrincipal } from './resource-principal.ts'
import { sessionProfile } from './session-profile.ts'
import { unset } from './settings.ts'
import { openSource, type Source } from './source.ts'
import { tokenExchangeOf } from './token-exchange.ts'
import { readVariable } from './variables.ts'

/**
 * Opens the credential that `OCI_AUTH` selects; otherwise the kind that the profile determines;
 * without a profile, the OCI Generative AI API key. Never probes the metadata service to detect a
 * kind.
 */
export async function openCredential(dependencies: AuthDependencies): Promise<Principal> {
  const { kind, source } = await selectCredential(dependencies)
  return { ...await openKind(kind, dependencies, source), kind }
}

/** A kind of credential and, if it is already known, the source of its settings. */
export interface SelectedCredential {
  kind: AuthKind
  source: Source | undefined
}

/** Selects the credential that `openCredential()` opens. Makes no call. */
export async function selectCredential(
  dependencies: Pick<AuthDependencies, 'environment' | 'files'>,
): Promise<SelectedCredential> {
  const named = namedKind(dependencies.environment)
  if (named !== undefined) return { kind: named, source: undefined }
  const source = await findSource(dependencies)
  if (source === undefined) return { kind: 'genai_api_key', source }
  return { kind: source.profile ? profileKind(source.profile, source.name) : 'api_key', source }
}

async function findSource(
  { environment, files }: Pick<AuthDependencies, 'environment' | 'files'>,
): Promise<Source | undefined> {
  try {
    return await openSource(environment, files)
  } catch (error) {
    const isNone = error instanceof ApiError && error.reason === 'no_credentials'
    if (isNone && readVariable(environment, 'OCI_GENAI_API_KEY')) return undefined
    throw error
  }
}

async function openKind(
  kind: AuthKind,
  dependencies: AuthDependencies,
  found?: Source,
): Promise<Principal> {
  const source = async () => found ?? await openSource(dependencies.environment, dependencies.files)
  switch (kind) {
    case 'api_key':
      return apiKeyPrincipal(await source(), dependencies)
    case 'security_token':
      return sessionProfile(await source(), dependencies)
    case 'instance_principal':
      return instancePrincipal(dependencies)
    case 'instance_obo_user':
      return delegationPrincipal(dependencies, source)
    case 'resource_principal':
      return resourcePrincipal(dependencies)
    case 'oke_workload_identity':
      return okeWorkloadIdentity(dependencies)
    case 'token_exchange':
      return tokenExchangeOf(dependencies)
    case 'genai_api_key':
      return genAiApiKeyOf(dependencies)
  }
}

async function apiKeyPrincipal(source: Source, dependencies: AuthDependencies): Promise<Principal> {
  const profile = await loadProfile(source, dependencies.environment, dependencies.files)
  return {
    credential: await apiKey(profile),
    tenancy: profile.tenancy,
    region: resolveRegion(profile.region, dependencies.environment),
    source: profile.source,
  }
}

/** With the variable for the token file, no profile is needed. */
async function delegationPrincipal(
  dependencies: AuthDependencies,
  openedSource: () => Promise<Source>,
): Promise<Principal> {
  const named = readVariable(dependencies.environment, 'OCI_CLI_DELEGATION_TOKEN_FILE')
  if (named) return delegationToken(named, 'the delegation token of an instance', dependencies)
  const { settings, name } = await openedSource()
  const path = settings.get('delegation_token_file')?.value
  if (path) return delegationToken(path, name, dependencies)
  const state = unset(true, 'delegation_token_file')
  throw new ApiError('configuration_error', `Cannot use ${name}: ${state}`, {
    reason: 'invalid_profile',
  })
}
