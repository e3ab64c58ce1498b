import { POLICIES } from '../../causes/policies.ts'
import { ApiError } from '../../errors.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import { readKeyPair, type TokenAndKey } from './read-key-pair.ts'
import type { AuthDependencies } from './dependencies.ts'
import type { Principal } from './principal.ts'
import { isPath, readPathOrText } from './read-file.ts'
import { renewingCredential } from './renewing-credential.ts'
import { exchangedResourcePrincipal } from './resource-principal-exchange.ts'
import { createSession, type Session } from './session.ts'
import { decodeToken } from './token.ts'
import { missingVariables, readRegion, readVariable, requireVariables } from './variables.ts'

const VERSION = 'OCI_RESOURCE_PRINCIPAL_VERSION'
const RPST = 'OCI_RESOURCE_PRINCIPAL_RPST'
const PEM = 'OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM'
const PASSPHRASE = 'OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE'
const REGION = 'OCI_RESOURCE_PRINCIPAL_REGION'
const NAME = 'the resource principal'
const ONLY_INSIDE =
  '. OCI sets it in Functions, Container Instances and similar services. Elsewhere, ' +
  'set OCI_AUTH to another kind'

const ADVICE: CredentialAdvice = {
  refused: "OCI rejected the resource's token. Check that the resource still exists and restart it",
  policy: POLICIES.dynamicGroup,
}

/** Opens the credential that OCI supplies to functions, containers and notebooks. */
export async function resourcePrincipal(dependencies: AuthDependencies): Promise<Principal> {
  const version = readVariable(dependencies.environment, VERSION)
  switch (version) {
    case undefined:
      throw missingVariables([VERSION], NAME, ONLY_INSIDE)
    case '2.2':
      return await suppliedResourcePrincipal(dependencies)
    case '1.1':
    case '2.1':
    case '2.1.1':
    case '2.1.2':
      return await exchangedResourcePrincipal(version, dependencies, ADVICE)
  }
  const state = `${VERSION} is "${version}". Supported are 1.1, 2.1, 2.1.1, 2.1.2 and 2.2`
  throw new ApiError('configuration_error', `Cannot use ${NAME}: ${state}`, {
    reason: 'rp_version_unsupported',
  })
}

/**
 * Opens version 2.2. Token and key are supplied either as texts, which are valid until the token
 * expires, or as files, which OCI replaces.
 */
async function suppliedResourcePrincipal(dependencies: AuthDependencies): Promise<Principal> {
  const { environment } = dependencies
  const given = requireVariables(environment, [RPST, PEM, REGION], NAME)
  // A passphrase may start or end with spaces, but spaces alone count as unset.
  const passphrase = readVariable(environment, PASSPHRASE) && environment[PASSPHRASE]
  if (passphrase && isPath(passphrase) !== isPath(given[PEM])) throw mixedForms()
  const read = async (): Promise<TokenAndKey> => {
    const [token, pem, phrase] = await Promise.all([
      readPathOrText(given[RPST], RPST, dependencies.files),
      readPathOrText(given[PEM], PEM, dependencies.files),
      passphrase && readPathOrText(passphrase, PASSPHRASE, dependencies.files),
    ])
    const key = await importPrivateKey(pem, phrase || undefined)
    return { token: decodeToken(token, `the token of ${RPST}`), key }
  }
  const isFile = isPath(given[RPST])
  const open = async (current?: Session): Promise<Session> => {
    const now = dependencies.clock.now()
    const { token, key } = await readKeyPair(read, NAME)
    if (token.text === current?.token.text && now < current.endsAt) return current
    if (token.expiresAt !== undefined && token.expiresAt <= now) throw expired(isFile)
    return createSession(token, key.key, now)
  }
  const first = await open()
  const credential = renewingCredential(first, open, dependencies, ADVICE)
  return {
    credential,
    tenancy: first.token.tenancy,
    region: readRegion(environment, REGION),
    source: `${NAME} of ${VERSION} 2.2`,
  }
}

function mixedForms(): ApiError {
  const state = `${PEM} and ${PASSPHRASE} must both be paths, or both be texts`
  return new ApiError('configuration_error', `Cannot use ${NAME}: ${state}`, {
    reason: 'mixed_settings',
  })
}

function expired(isFile: boolean): ApiError {
  const state = isFile
    ? 'the token in its file has expired and OCI has not replaced it. Restart the resource'
    : `the token in ${RPST} has expired. Set ${RPST} and ${PEM} to the paths of files that OCI ` +
      'replaces, or restart with new values'
  return new ApiError('upstream_auth_error', `Cannot use ${NAME}: ${state}`, {
    reason: 'token_expired',
  })
}
