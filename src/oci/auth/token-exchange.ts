import { ApiError } from '../../errors.ts'
import { type AuthAdvice, type AuthFailure, callAuth, readTokenReply } from './call.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'
import { readPathOrText } from './read-file.ts'
import type { Principal } from './principal.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, generateSessionKey, type Session } from './session.ts'
import { decodeToken } from './token.ts'
import { addressBelow, requireAddress, requireVariables } from './variables.ts'

/** Who exchanges whose token. */
export interface TokenExchange {
  /** The identity domain: `https://idcs-….identity.oraclecloud.com`. */
  domain: URL
  /** The confidential application in the domain. */
  clientId: string
  clientSecret: string
  /** The JSON Web Token of an issuer the domain trusts; asked for anew each time. */
  subjectToken(): Promise<string>
}

const DOMAIN = 'OCI_IDENTITY_DOMAIN_URL'
const CLIENT_ID = 'OCI_TOKEN_EXCHANGE_CLIENT_ID'
const CLIENT_SECRET = 'OCI_TOKEN_EXCHANGE_CLIENT_SECRET'
const SUBJECT = 'OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN'
const NAME = 'the token exchange'
const ACTION = 'exchange the token of the subject'

const ADVICE: CredentialAdvice = {
  refused: 'OCI refused the exchanged token: check the identity propagation trust of the ' +
    'identity domain, and which user it impersonates',
  policy: 'Allow group G to use generative-ai-family in compartment C',
}

/** The token exchange that the environment describes; the subject's token may be a path. */
export async function tokenExchangeOf(dependencies: AuthDependencies): Promise<Principal> {
  const { environment, files } = dependencies
  const names = [DOMAIN, CLIENT_ID, CLIENT_SECRET, SUBJECT] as const
  const given = requireVariables(environment, names, NAME)
  return await tokenExchange({
    domain: requireAddress(environment, DOMAIN, NAME),
    clientId: given[CLIENT_ID],
    clientSecret: given[CLIENT_SECRET],
    subjectToken: () => readPathOrText(given[SUBJECT], SUBJECT, files),
  }, dependencies)
}

/**
 * A credential without a key of its own: a token of an issuer that the identity domain trusts is
 * exchanged for OCI's. Only fetch and Web Crypto are needed, so it works on every runtime.
 */
export async function tokenExchange(
  exchange: TokenExchange,
  dependencies: AuthDependencies,
): Promise<Principal> {
  if (!isSecure(exchange.domain)) throw insecure()
  const open = async (): Promise<Session> => {
    const { key, publicKey } = await generateSessionKey()
    const text = await requestToken(exchange, publicKey, dependencies)
    return createSession(decodeToken(text, 'the exchanged token'), key, dependencies.clock.now())
  }
  const first = await open()
  return {
    credential: renewingCredential(first, open, dependencies, ADVICE),
    tenancy: first.token.tenancy,
    region: undefined,
    source: NAME,
  }
}

async function requestToken(
  { domain, clientId, clientSecret, subjectToken }: TokenExchange,
  publicKey: string,
  dependencies: AuthDependencies,
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:oci:token-type:oci-upst',
    subject_token: (await subjectToken()).trim(),
    subject_token_type: 'jwt',
    public_key: publicKey,
  })
  const text = await callAuth({
    action: ACTION,
    method: 'POST',
    url: addressBelow(domain, 'oauth2/v1/token'),
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: form.toString(),
    contentType: 'application/x-www-form-urlencoded',
    advise,
  }, dependencies)
  return readTokenReply(text, ACTION)
}

/** The client's secret goes there. */
function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(hostname)
}

function insecure(): ApiError {
  return new ApiError('configuration_error', `Cannot use ${DOMAIN}: it must be https`, {
    reason: 'insecure_url',
  })
}

function advise({ status }: AuthFailure): AuthAdvice {
  if (status === 400) {
    const advice = `The subject's token was refused: check that ${SUBJECT} has not expired, and ` +
      'that an identity propagation trust of the domain names its issuer and maps its subject'
    return { reason: 'subject_refused', advice }
  }
  if (status === 401 || status === 403) {
    const advice = `The application was refused: check ${CLIENT_ID} and ${CLIENT_SECRET}, and ` +
      'that the confidential application is active in this domain'
    return { reason: 'client_refused', advice }
  }
  return { advice: `Check that ${DOMAIN} is the address of your identity domain` }
}
