import { POLICIES } from '../../causes/policies.ts'
import { appendPath } from '../http/upstream-url.ts'
import { ApiError } from '../../errors.ts'
import { type AuthAdvice, type AuthFailure, callAuth, readTokenReply } from './call.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import { isLoopback } from '../../loopback.ts'
import type { AuthDependencies } from './dependencies.ts'
import { readPathOrText } from './read-file.ts'
import type { Principal } from './principal.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, type Session } from './session.ts'
import { generateSessionKey } from '../signing/key-pair.ts'
import { decodeToken } from './token.ts'
import { requireAddress, requireVariables } from './variables.ts'

/** The parameters of a token exchange at an identity domain. */
export interface TokenExchange {
  /** The identity domain: `https://idcs-….identity.oraclecloud.com`. */
  domain: URL
  /** The confidential application in the domain. */
  clientId: string
  clientSecret: string
  /** Reads the JWT of an issuer that the domain trusts, again for each exchange. */
  subjectToken(): Promise<string>
}

const DOMAIN = 'OCI_IDENTITY_DOMAIN_URL'
const CLIENT_ID = 'OCI_TOKEN_EXCHANGE_CLIENT_ID'
const CLIENT_SECRET = 'OCI_TOKEN_EXCHANGE_CLIENT_SECRET'
const SUBJECT = 'OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN'
const NAME = 'the token exchange'
const ACTION = 'exchange the subject token'

const ADVICE: CredentialAdvice = {
  refused: 'OCI rejected the exchanged token. Check the identity propagation trust of the ' +
    'identity domain and the user that it impersonates',
  policy: POLICIES.user,
}

/** Opens the token exchange of the environment. The subject token may be given as a path. */
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
 * Opens a credential without a long-lived key: the identity domain exchanges a JWT of an issuer that
 * it trusts for an OCI token. Needs only fetch and Web Crypto, so it works on every runtime.
 */
export async function tokenExchange(
  exchange: TokenExchange,
  dependencies: AuthDependencies,
): Promise<Principal> {
  const { protocol, hostname } = exchange.domain
  // The client secret is sent to this address.
  if (protocol !== 'https:' && !isLoopback(hostname)) throw insecure()
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
    url: appendPath(domain, 'oauth2/v1/token'),
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: form.toString(),
    contentType: 'application/x-www-form-urlencoded',
    advise,
  }, dependencies)
  return readTokenReply(text, ACTION)
}

function insecure(): ApiError {
  return new ApiError('configuration_error', `Cannot use ${DOMAIN}: it must start with https://`, {
    reason: 'insecure_url',
  })
}

function advise({ status }: AuthFailure): AuthAdvice {
  if (status === 400) {
    const advice =
      `The domain rejected the subject token. Check that ${SUBJECT} has not expired and ` +
      'that an identity propagation trust of the domain names its issuer and maps its subject'
    return { reason: 'subject_refused', advice }
  }
  if (status === 401 || status === 403) {
    const advice = `The domain rejected the client. Check ${CLIENT_ID} and ${CLIENT_SECRET}, and ` +
      'that the confidential application is active in this domain'
    return { reason: 'client_refused', advice }
  }
  return { advice: `Check that ${DOMAIN} is the address of your identity domain` }
}
