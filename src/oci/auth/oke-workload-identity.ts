import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import type { TrustingFetch } from '../../platform.ts'
import { decodeBase64 } from '../signing/bytes.ts'
import { type AuthAdvice, type AuthFailure, callAuth } from './call.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'
import { readPathOrText } from './read-file.ts'
import type { Principal } from './principal.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, generateSessionKey, type Session } from './session.ts'
import { decodeToken } from './token.ts'
import { missingVariables, readRegion, readVariable } from './variables.ts'

const HOST = 'KUBERNETES_SERVICE_HOST'
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const TOKEN_PATH = 'OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH'
const CERT_PATH = 'OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH'
const NAME = 'the OKE workload identity'
const ACTION = 'get a token for the workload'

const ADVICE: CredentialAdvice = {
  refused: "OCI refused the workload's token: restart the pod",
  policy: 'Allow any-user to use generative-ai-family in compartment C where all ' +
    "{request.principal.type='workload', request.principal.namespace='N', " +
    "request.principal.service_account='S', request.principal.cluster_id='O'}",
}

const Reply = v.pipe(v.string(), v.parseJson(), v.object({ token: v.string() }))

/**
 * The credential of a pod in an enhanced OKE cluster: the token of its service account, read anew
 * each time since Kubernetes replaces it, is exchanged by the cluster itself, whose authority is
 * the only one that is trusted there.
 */
export async function okeWorkloadIdentity(dependencies: AuthDependencies): Promise<Principal> {
  const { environment, trustingFetch } = dependencies
  const host = readVariable(environment, HOST)
  if (host === undefined) {
    throw missingVariables(
      [HOST],
      NAME,
      '. Kubernetes sets it in every pod; elsewhere use ' +
        'another OCI_AUTH',
    )
  }
  if (trustingFetch === undefined || dependencies.files === undefined) throw noFiles()
  const port = readVariable(environment, 'KUBERNETES_SERVICE_PORT_PROXYMUX') ?? '12250'
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const url = new URL(`https://${bracketed}:${port}/resourcePrincipalSessionTokens`)
  const open = async (): Promise<Session> => {
    const { key, publicKey } = await generateSessionKey()
    const text = await exchange(url, publicKey, dependencies, trustingFetch)
    return createSession(
      decodeToken(text, 'the token of the workload'),
      key,
      dependencies.clock.now(),
    )
  }
  const first = await open()
  return {
    credential: renewingCredential(first, open, dependencies, ADVICE),
    tenancy: first.token.tenancy,
    region: readRegion(environment, 'OCI_RESOURCE_PRINCIPAL_REGION'),
    source: NAME,
  }
}

async function exchange(
  url: URL,
  podKey: string,
  dependencies: AuthDependencies,
  trustingFetch: TrustingFetch,
): Promise<string> {
  const [account, authority] = await Promise.all([
    accountToken(dependencies),
    clusterAuthority(dependencies),
  ])
  const text = await callAuth({
    action: ACTION,
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${account}` },
    body: JSON.stringify({ podKey }),
    contentType: 'application/json',
    fetch: (address, init) => trustingFetch(address, init, authority),
    advise,
  }, dependencies)
  return decodeReply(text)
}

/** A JSON text in base64, perhaps in quotes, whose token begins as a key id does. */
export function decodeReply(text: string): string {
  const base64 = text.trim().replace(/^"(.*)"$/s, '$1')
  const bytes = decodeBase64(base64)
  const reply = v.safeParse(Reply, bytes && new TextDecoder().decode(bytes))
  if (reply.success && reply.output.token.startsWith('ST$')) return reply.output.token.slice(3)
  const message = `Cannot ${ACTION}: the answer has no token`
  throw new ApiError('upstream_auth_error', message, { reason: 'bad_token_reply' })
}

async function accountToken({ environment, files, clock }: AuthDependencies): Promise<string> {
  const given = readVariable(environment, 'OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_STRING')
  const path = readVariable(environment, TOKEN_PATH) ?? `${ACCOUNT}/token`
  const text = given ?? (await readPathOrText(path, TOKEN_PATH, files)).trim()
  const end = endOf(text)
  if (end !== undefined && end <= clock.now()) {
    const state = 'the token of the service account has expired; Kubernetes has not replaced it'
    throw new ApiError('upstream_auth_error', `Cannot use ${NAME}: ${state}. Restart the pod`, {
      reason: 'token_expired',
    })
  }
  return text
}

/** Kubernetes says what it is, not OCI: it need not be a JSON Web Token. */
function endOf(text: string): number | undefined {
  try {
    return decodeToken(text, 'the token of the service account').expiresAt
  } catch {
    return undefined
  }
}

async function clusterAuthority({ environment, files }: AuthDependencies): Promise<string> {
  const path = readVariable(environment, CERT_PATH) ?? `${ACCOUNT}/ca.crt`
  const text = await readPathOrText(path, CERT_PATH, files)
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new ApiError('configuration_error', `Cannot use "${path}": it has no certificate`, {
    reason: 'bad_certificate',
  })
}

function noFiles(): ApiError {
  const message = `Cannot use ${NAME}: this runtime can neither read files nor choose whom to trust`
  return new ApiError('configuration_error', message, { reason: 'unsupported_auth' })
}

function advise({ status, cause }: AuthFailure): AuthAdvice {
  if (status === 403) {
    const advice = 'Only enhanced clusters have workload identities: ' +
      'oci ce cluster update --cluster-id ID --type ENHANCED_CLUSTER'
    return { reason: 'basic_cluster', advice }
  }
  if (status === 401) {
    return { advice: 'Check that the pod has a service account: kubectl describe pod NAME' }
  }
  if (status === undefined && isMistrusted(cause)) {
    const advice = `The cluster's certificate is not of the authority in ${CERT_PATH} ` +
      `(usually ${ACCOUNT}/ca.crt)`
    return { reason: 'untrusted_authority', advice }
  }
  return { advice: 'Check that this is an enhanced OKE cluster and that port 12250 is reachable' }
}

/** The words of OpenSSL and BoringSSL, and those of Deno. */
function isMistrusted(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code) ||
    /certificate|UnknownIssuer/i.test(cause instanceof Error ? cause.message : '')
}
