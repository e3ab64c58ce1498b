import { POLICIES } from '../../causes/policies.ts'
import { ApiError } from '../../errors.ts'
import { prepareTarget } from '../signing/target.ts'
import type { Credential, CredentialAdvice, SignableRequest } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'
import type { Principal } from './principal.ts'
import { requireVariables } from './variables.ts'

const VARIABLE = 'OCI_GENAI_API_KEY'

const ADVICE: CredentialAdvice = {
  refused: 'An OCI Generative AI API key works only in the region where it was created, and only ' +
    `if the policy existed before. Create the policy first ("${POLICIES.genAiApiKey}"), then a new key. The ` +
    'Responses API also needs a project: set OCI_GENAI_PROJECT',
  policy: POLICIES.genAiApiKey,
}

/** The paths of OCI's OpenAI-compatible endpoint: the current one and two older ones. */
const COMPATIBLE = /^\/(openai|20231130\/openai|20231130\/actions)\/v1(\/|$)/

/** The native actions, which accept the key only if `probe` has found that out. */
const NATIVE = /^\/20231130\/actions\//

/** Opens the credential of the key in `OCI_GENAI_API_KEY`. */
export function genAiApiKeyOf({ environment, nativeBearer }: AuthDependencies): Principal {
  const given = requireVariables(environment, [VARIABLE], 'the OCI Generative AI API key')
  return {
    credential: genAiApiKey(given[VARIABLE], nativeBearer),
    tenancy: undefined,
    region: undefined,
    source: VARIABLE,
  }
}

/**
 * Creates the credential of an OCI Generative AI API key, which is sent as a bearer token instead of
 * a signature, and only to the OpenAI-compatible endpoint: no other endpoint is known to accept it.
 * @param isNative whether it is also sent to the native actions
 */
export function genAiApiKey(key: string, isNative = false): Credential {
  if (!/^[\x21-\x7e]+$/.test(key)) throw malformed()
  const headers = { authorization: `Bearer ${key}` }
  function addBearerToken({ url, body, contentType = 'application/json' }: SignableRequest) {
    prepareTarget(url)
    const { pathname } = url
    const isAccepted = COMPATIBLE.test(pathname) || (isNative && NATIVE.test(pathname))
    if (!isAccepted) return Promise.reject(notCompatible())
    return Promise.resolve({ ...headers, ...(body && { 'content-type': contentType }) })
  }
  return Object.assign(addBearerToken, { scheme: 'bearer' as const, advice: ADVICE })
}

function malformed(): ApiError {
  const message = `Cannot use ${VARIABLE}: it is empty or contains a space or a non-ASCII character`
  return new ApiError('configuration_error', message, { reason: 'bad_key' })
}

function notCompatible(): ApiError {
  const message = 'Cannot use this model with an OCI Generative AI API key: only the ' +
    'OpenAI-compatible endpoint accepts it. Use an API signing key of a user: "oci setup config"'
  return new ApiError('invalid_request', message, { reason: 'genai_key_elsewhere' })
}
