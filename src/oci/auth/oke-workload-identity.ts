import { POLICIES } from '../../causes/policies.ts'
import { ApiError } from '../../errors.ts'
import type { FetchWithCa } from '../../platform.ts'
import { decodeBase64 } from '../signing/bytes.ts'
import {
  type AuthAdvice,
  type AuthFailure,
  callAuth,
  missingToken,
  readTokenReply,
} from './call.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'
import { readPathOrText } from './read-file.ts'
import type { Principal } from './principal.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, type Session } from './session.ts'
import { generateSessionKey } from '../signing/key-pair.ts'
import { decodeToken, expiryOf } from './token.ts'
import { missingVariables, readRegion, readVariable } from './variables.ts'

const HOST = 'KUBERNETES_SERVICE_HOST'
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const TOKEN_PATH = 'OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH'
const CERT_PATH = 'OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH'
const NAME = 'the OKE workload identity'
const ACTION = 'get a token for the workload'

const ADVICE: CredentialAdvice = {
  refused: "OCI rejected the workload's token. Restart the pod",
  policy: POLICIES.workload,
}

/**
 * Opens the credential of a pod in an enhanced OKE cluster. The cluster exchanges the service
 * account token, which is read again each time because Kubernetes rotates it. Only the cluster's
 * own certificate authority is trusted for that call.
 */
export async function okeWorkloadIdentity(dependencies: AuthDependencies): Promise<Principal> {
  const { environment, fetchWithCa } = dependencies
  const host = readVariable(environment, HOST)
  if (host === undefined) {
    throw missingVariables(
      [HOST],
      NAME,
      '. Kubernetes sets it in every pod. Outside of a cluster, set ' +
        'OCI_AUTH to another kind',
    )
  }
  if (fetchWithCa === undefined || dependencies.files === undefined) throw unsupportedRuntime()
  const port = readVariable(environment, 'KUBERNETES_SERVICE_PORT_PROXYMUX') ?? '12250'
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const url = new URL(`https://${bracketed}:${port}/resourcePrincipalSessionTokens`)
  const open = async (): Promise<Session> => {
    const { key, publicKey } = await generateSessionKey()
    const text = await exchange(url, publicKey, dependencies, fetchWithCa)
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
  fetchWithCa: FetchWithCa,
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
    fetch: (address, init) => fetchWithCa(address, init, authority),
    advise,
  }, dependencies)
  return decodeReply(text)
}

/** Decodes base64 JSON, possibly in quotes. Its token starts with `ST$`, like a key id. */
export function decodeReply(text: string): string {
  const base64 = text.trim().replace(/^"(.*)"$/s, '$1')
  const bytes = decodeBase64(base64)
  const token = readTokenReply(bytes ? new TextDecoder().decode(bytes) : '', ACTION)
  if (token.startsWith('ST$')) return token.slice(3)
  throw missingToken(ACTION)
}

async function accountToken({ environment, files, clock }: AuthDependencies): Promise<string> {
  const given = readVariable(environment, 'OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_STRING')
  const path = readVariable(environment, TOKEN_PATH) ?? `${ACCOUNT}/token`
  const text = given ?? (await readPathOrText(path, TOKEN_PATH, files)).trim()
  // Kubernetes does not guarantee that the token is a JWT.
  const expiresAt = expiryOf(text)
  if (expiresAt !== undefined && expiresAt <= clock.now()) {
    const state = 'the service account token has expired and Kubernetes has not rotated it'
    throw new ApiError('upstream_auth_error', `Cannot use ${NAME}: ${state}. Restart the pod`, {
      reason: 'token_expired',
    })
  }
  return text
}

async function clusterAuthority({ environment, files }: AuthDependencies): Promise<string> {
  const path = readVariable(environment, CERT_PATH) ?? `${ACCOUNT}/ca.crt`
  const text = await readPathOrText(path, CERT_PATH, files)
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new ApiError('configuration_error', `Cannot use "${path}": it contains no certificate`, {
    reason: 'bad_certificate',
  })
}

function unsupportedRuntime(): ApiError {
  const message =
    `Cannot use ${NAME}: this runtime cannot read files or choose a certificate authority`
  return new ApiError('configuration_error', message, { reason: 'unsupported_auth' })
}

function advise({ status, cause }: AuthFailure): AuthAdvice {
  if (status === 403) {
    const advice = 'Only enhanced clusters support workload identity. Upgrade the cluster: ' +
      'oci ce cluster update --cluster-id ID --type ENHANCED_CLUSTER'
    return { reason: 'basic_cluster', advice }
  }
  if (status === 401) {
    return { advice: 'Check that the pod has a service account: kubectl describe pod NAME' }
  }
  if (status === undefined && isUntrusted(cause)) {
    const advice = `The cluster's certificate is not signed by the authority in ${CERT_PATH} ` +
      `(usually ${ACCOUNT}/ca.crt)`
    return { reason: 'untrusted_authority', advice }
  }
  return { advice: 'Check that this is an enhanced OKE cluster and that port 12250 is reachable' }
}

/** Recognizes the error codes of OpenSSL and BoringSSL, and the messages of Deno. */
function isUntrusted(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code) ||
    /certificate|UnknownIssuer/i.test(cause instanceof Error ? cause.message : '')
}
