import { Hono } from 'hono'
import { requireSignature } from './middleware.ts'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { readAuthorization } from './authorization.ts'
import { injectFailures } from './behavior.ts'
import type { Credentials } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { fromPem } from './pem.ts'
import { toBase64 } from './base64.ts'
import { badParameter, isServiceError, type ServiceError } from './service-error.ts'
import { resourcePrincipals } from './resource-principals.ts'
import { federate } from './tokens/federate.ts'
import { readSessionKey, readTokenDetails } from './tokens/read-request.ts'
import { type FindKey, notAuthenticated } from './verify-signature.ts'

/** The auth service of a region (`/v1/…` on its own host). */
export function authService(
  context: SimulatorContext,
  credentials: Credentials,
  findKey: FindKey,
): Hono<Env> {
  const { behaviors } = credentials
  const signed = requireSignature(context, findKey)
  return new Hono<Env>()
    .post('/v1/x509', injectFailures(behaviors.federation, context), async (c) => {
      return respond(await federate(c.get('exchange'), credentials, context.now()), context)
    })
    .post(
      '/v1/authentication/refresh',
      injectFailures(behaviors.refresh, context),
      signed,
      async (c) => {
        return respond(await refresh(c.get('exchange'), credentials, context.now()), context)
      },
    )
    .post(
      '/v1/token/upst/actions/GenerateUpst',
      injectFailures(behaviors.upst, context),
      signed,
      async (c) => respond(await generate(c.get('exchange'), c.get('keyId'), credentials), context),
    )
    .route('/', resourcePrincipals(context, credentials, findKey))
}

function respond(token: string | ServiceError, context: SimulatorContext): Response {
  return typeof token === 'string' ? Response.json({ token }) : reject(token, context)
}

/** Issues a new token for the same session, which does not outlive the session. */
async function refresh(
  { received }: Exchange,
  { issuer, behaviors }: Credentials,
  now: number,
): Promise<string | ServiceError> {
  const details = readTokenDetails<{ currentToken: string }>(
    { currentToken: 'string' },
    received.json,
  )
  if (isServiceError(details)) return details
  const { keyId } = readAuthorization(received.headers.get('authorization') ?? '') ?? {}
  if (keyId !== `ST$${details.currentToken}`) {
    return notAuthenticated('not signed with currentToken')
  }
  const token = await issuer.read(details.currentToken)
  if (typeof token === 'string') return notAuthenticated(token)
  if (token.claims['ttype'] !== 'login') return notAuthenticated('not the token of a login')
  const left = Math.floor((Date.parse(String(token.claims['sess_exp'])) - now) / 1000)
  if (!(left > 0)) return notAuthenticated('the session is over')
  return await issuer.issue(token.claims, token.key, Math.min(behaviors.refresh.lifetime, left))
}

/** Issues a session token to any caller with a valid signature, without a browser login. */
async function generate(
  { received }: Exchange,
  keyId: string,
  { issuer }: Credentials,
): Promise<string | ServiceError> {
  const details = readTokenDetails<{ publicKey: string; sessionExpirationInMinutes?: number }>({
    publicKey: 'string',
    'sessionExpirationInMinutes?': 'integer',
  }, received.json)
  if (isServiceError(details)) return details
  const { publicKey, sessionExpirationInMinutes: minutes = 60 } = details
  if (minutes < 5 || minutes > 60) return badParameter('Invalid sessionExpirationInMinutes')
  const spki = fromPem('PUBLIC KEY', publicKey)
  const key = await readSessionKey(spki ? toBase64(spki) : '')
  if (isServiceError(key)) return key
  const [tenant, sub] = keyId.split('/')
  return await issuer.issue({ sub, tenant, ttype: 'upst', ptype: 'user' }, key, minutes * 60)
}
