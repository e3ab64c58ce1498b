import { ApiError } from '../../errors.ts'
import { prepareTarget } from '../signing/target.ts'
import type { Credential, CredentialAdvice, SignableRequest } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'
import type { Principal } from './principal.ts'
import { requireVariables } from './variables.ts'

const VARIABLE = 'OCI_GENAI_API_KEY'

const POLICY = 'Allow any-user to use generative-ai-family in compartment C where ALL ' +
  "{request.principal.type='generativeaiapikey'}"

const ADVICE: CredentialAdvice = {
  refused: 'A key of OCI Generative AI works only in the region where it was made, and only if ' +
    `the policy was there before it. Make the policy first ("${POLICY}"), then a new key. The ` +
    'Responses API needs a project, too: set OCI_GENAI_PROJECT',
  policy: POLICY,
}

/** What OCI's OpenAI-compatible endpoint begins with, in its new and its old place. */
const COMPATIBLE = /^\/(openai|20231130\/openai|20231130\/actions)\/v1(\/|$)/

/** The key that the environment has. */
export function genAiApiKeyOf({ environment }: AuthDependencies): Principal {
  const given = requireVariables(environment, [VARIABLE], 'a key of OCI Generative AI')
  return {
    credential: genAiApiKey(given[VARIABLE]),
    tenancy: undefined,
    region: undefined,
    source: VARIABLE,
  }
}

/**
 * The credential of a key of OCI Generative AI itself. Nothing is signed; the key goes only to the
 * OpenAI-compatible endpoint, since nothing else takes it.
 */
export function genAiApiKey(key: string): Credential {
  if (!/^[\x21-\x7e]+$/.test(key)) throw malformed()
  const headers = { authorization: `Bearer ${key}` }
  function showKey({ url, body, contentType = 'application/json' }: SignableRequest) {
    prepareTarget(url)
    if (!COMPATIBLE.test(url.pathname)) return Promise.reject(notCompatible())
    return Promise.resolve({ ...headers, ...(body && { 'content-type': contentType }) })
  }
  return Object.assign(showKey, { scheme: 'bearer' as const, advice: ADVICE })
}

function malformed(): ApiError {
  const message = `Cannot use ${VARIABLE}: it is empty or has a blank or a letter beyond ASCII`
  return new ApiError('configuration_error', message, { reason: 'bad_key' })
}

function notCompatible(): ApiError {
  const message = 'Cannot use this model with a key of OCI Generative AI: only the ' +
    'OpenAI-compatible endpoint takes such a key. Use an API key of a user: "oci setup config"'
  return new ApiError('invalid_request', message, { reason: 'genai_key_elsewhere' })
}
