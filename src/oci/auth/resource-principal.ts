import { ApiError } from '../../errors.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import { readFittingPair, type TokenAndKey } from './read-key-pair.ts'
import type { AuthMeans } from './dependencies.ts'
import type { Principal } from './principal.ts'
import { isPath, readText } from './path-or-text.ts'
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
const ONLY_INSIDE = '. OCI sets it in Functions, Container Instances and the like; elsewhere use ' +
  'another OCI_AUTH'

const ADVICE: CredentialAdvice = {
  refused: "OCI refused the resource's token: check that the resource still exists and restart it",
  policy: 'Allow dynamic-group D to use generative-ai-family in compartment C',
}

/** The credential OCI gives to what it runs: functions, containers, notebooks. */
export async function resourcePrincipal(means: AuthMeans): Promise<Principal> {
  const version = readVariable(means.environment, VERSION)
  switch (version) {
    case undefined:
      throw missingVariables([VERSION], NAME, ONLY_INSIDE)
    case '2.2':
      return await suppliedResourcePrincipal(means)
    case '1.1':
    case '2.1':
    case '2.1.1':
    case '2.1.2':
      return await exchangedResourcePrincipal(version, means, ADVICE)
  }
  const state = `${VERSION} is "${version}"; this gateway knows 1.1, 2.1, 2.1.1, 2.1.2 and 2.2`
  throw new ApiError('configuration_error', `Cannot use ${NAME}: ${state}`, {
    reason: 'rp_version_unsupported',
  })
}

/**
 * Version 2.2: token and key are supplied, as texts, which end with the token, or as files, which
 * OCI replaces.
 */
async function suppliedResourcePrincipal(means: AuthMeans): Promise<Principal> {
  const { environment } = means
  const given = requireVariables(environment, [RPST, PEM, REGION], NAME)
  // A passphrase may begin or end with a blank, but is none when there is nothing else.
  const passphrase = readVariable(environment, PASSPHRASE) && environment[PASSPHRASE]
  if (passphrase && isPath(passphrase) !== isPath(given[PEM])) throw mixed()
  const read = async (): Promise<TokenAndKey> => {
    const [token, pem, phrase] = await Promise.all([
      readText(given[RPST], RPST, means.files),
      readText(given[PEM], PEM, means.files),
      passphrase && readText(passphrase, PASSPHRASE, means.files),
    ])
    const key = await importPrivateKey(pem, phrase || undefined)
    return { token: decodeToken(token, `the token of ${RPST}`), key }
  }
  const replaced = isPath(given[RPST])
  const open = async (current?: Session): Promise<Session> => {
    const now = means.clock.now()
    const { token, key } = await readFittingPair(read, NAME)
    if (token.text === current?.token.text && now < current.endsAt) return current
    if (token.expiresAt !== undefined && token.expiresAt <= now) throw expired(replaced)
    return createSession(token, key.key, now)
  }
  const first = await open()
  const credential = renewingCredential(first, open, means, ADVICE)
  return {
    credential,
    tenancy: first.token.tenancy,
    region: readRegion(environment, REGION),
    source: `${NAME} of ${VERSION} 2.2`,
  }
}

function mixed(): ApiError {
  const state = `${PEM} and ${PASSPHRASE} must both be paths, or both be texts`
  return new ApiError('configuration_error', `Cannot use ${NAME}: ${state}`, {
    reason: 'mixed_settings',
  })
}

function expired(replaced: boolean): ApiError {
  const state = replaced
    ? 'its file has a token that has expired: OCI has not replaced it. Restart the resource'
    : `the token in ${RPST} has expired, and a text is never replaced. Give ${RPST} and ${PEM} ` +
      'as paths of files that OCI replaces, or restart with new values'
  return new ApiError('upstream_auth_error', `Cannot use ${NAME}: ${state}`, {
    reason: 'token_expired',
  })
}
