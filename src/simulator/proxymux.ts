import { Hono } from 'hono'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { injectFailures } from './behavior.ts'
import type { Credentials } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { fromPem } from './pem.ts'
import { toBase64 } from './base64.ts'
import { isServiceError, notFound, type ServiceError } from './service-error.ts'
import type { Cluster } from './tokens/cluster.ts'
import { readClaims } from './tokens/jwt.ts'
import { readSessionKey, readTokenDetails } from './tokens/read-request.ts'
import { notAuthenticated } from './verify-signature.ts'

/** Issues tokens to the pods of a cluster in exchange for a service account token, without a signature. */
export function proxymux(context: SimulatorContext, credentials: Credentials): Hono<Env> {
  const { proxymux } = credentials.behaviors
  return new Hono<Env>()
    .post('/resourcePrincipalSessionTokens', injectFailures(proxymux, context), async (c) => {
      const token = await tokenFor(c.get('exchange'), credentials, context.now())
      if (typeof token !== 'string') return reject(token, context)
      const body = btoa(JSON.stringify({ token: `ST$${token}` }))
      const isQuoted = credentials.cluster?.quoted ?? true
      return new Response(isQuoted ? JSON.stringify(body) : body, {
        headers: { 'content-type': 'application/json' },
      })
    })
}

async function tokenFor(
  { received }: Exchange,
  { issuer, cluster, behaviors }: Credentials,
  now: number,
): Promise<string | ServiceError> {
  if (!cluster) return notFound('no cluster')
  const denied = checkPod(received.headers, cluster, now)
  if (denied) return denied
  const details = readTokenDetails<{ podKey: string }>({ podKey: 'string' }, received.json)
  if (isServiceError(details)) return details
  const sessionKey = await readPodKey(details.podKey)
  if (isServiceError(sessionKey)) return sessionKey
  const { id, tenancy, compartment } = cluster
  const claims = {
    ...{ sub: id, ttype: 'res_sp', res_type: 'workload', res_id: id },
    ...{ res_tenant: tenancy, res_compartment: compartment, tenant: tenancy },
  }
  return await issuer.issue(claims, sessionKey, behaviors.proxymux.lifetime)
}

function checkPod(headers: Headers, cluster: Cluster, now: number): ServiceError | undefined {
  const { serviceAccountToken: token, enhanced } = cluster
  if (!headers.get('content-type')?.startsWith('application/json')) {
    return { status: 415, code: '415', message: 'Unsupported Media Type' }
  }
  if (headers.get('authorization') !== `Bearer ${token}`) {
    return notAuthenticated('not the service account token')
  }
  if (Number(readClaims(token)?.['exp']) * 1000 <= now) {
    return notAuthenticated('expired service account token')
  }
  if (enhanced) return undefined
  return { status: 403, code: 'NotAuthorized', message: 'Forbidden', reason: 'a basic cluster' }
}

/** Oracle's SDK for Go sends PEM; the others send the base64 inside it. */
async function readPodKey(podKey: string): Promise<CryptoKey | ServiceError> {
  const spki = fromPem('PUBLIC KEY', podKey)
  return await readSessionKey(spki ? toBase64(spki) : podKey)
}
