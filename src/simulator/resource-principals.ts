import { Hono } from 'hono'
import { requireSignature } from './middleware.ts'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { injectFailures } from './behavior.ts'
import type { Credentials } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { isServiceError, notFound, type ServiceError } from './service-error.ts'
import { readSessionKey, readTokenDetails } from './tokens/read-request.ts'
import { type FindKey, notAuthenticated } from './verify-signature.ts'

interface SessionDetails {
  resourcePrincipalToken: string
  servicePrincipalSessionToken: string
  sessionPublicKey: string
}

/** The time between the two calls at most. */
const MAX_SECONDS_BETWEEN_CALLS = 600

/**
 * The two calls of resource principals 1.1 and 2.1: an instance, or the resource itself, gets two
 * tokens and exchanges them for a session token.
 */
export function resourcePrincipals(
  context: SimulatorContext,
  credentials: Credentials,
  findKey: FindKey,
): Hono<Env> {
  const { resource } = credentials.behaviors
  const signed = requireSignature(context, findKey)
  const paths = ['resourcePrincipalToken', 'resourcePrincipalTokenV2', 'resourcePrincipalTokenV212']
  const app = new Hono<Env>()
  for (const path of paths) {
    app.get(`/20180711/${path}/:id`, injectFailures(resource, context), signed, async (c) => {
      const tokens = await tokensFor(c.req.param('id'), c.get('keyId'), credentials)
      return isServiceError(tokens) ? reject(tokens, context) : Response.json(tokens)
    })
  }
  return app.post(
    '/v1/resourcePrincipalSessionToken',
    injectFailures(resource, context),
    signed,
    async (c) => {
      const token = await sessionToken(c.get('exchange'), credentials)
      return isServiceError(token) ? reject(token, context) : Response.json(token)
    },
  )
}

async function tokensFor(id: string, keyId: string, { issuer, instance }: Credentials) {
  const owner = keyId.startsWith('resource/') ? keyId.split('/').at(-1) : keyId.split('/')[1]
  if (owner !== id) return notFound(`"${id}" is not the caller`)
  const claims = {
    ...{ sub: id, res_id: id, res_type: 'instance' },
    ...{ res_tenant: instance?.tenancy, res_compartment: instance?.compartment },
  }
  return {
    resourcePrincipalToken: await issuer.issue(
      { ...claims, ttype: 'res' },
      undefined,
      MAX_SECONDS_BETWEEN_CALLS,
    ),
    servicePrincipalSessionToken: await issuer.issue(
      { ttype: 'sp' },
      undefined,
      MAX_SECONDS_BETWEEN_CALLS,
    ),
  }
}

async function sessionToken(
  { received }: Exchange,
  { issuer, behaviors }: Credentials,
): Promise<{ token: string } | ServiceError> {
  const details = readTokenDetails<SessionDetails>({
    resourcePrincipalToken: 'string',
    servicePrincipalSessionToken: 'string',
    sessionPublicKey: 'string',
  }, received.json)
  if (isServiceError(details)) return details
  const resource = await issuer.read(details.resourcePrincipalToken)
  const service = await issuer.read(details.servicePrincipalSessionToken)
  if (typeof resource === 'string') return notAuthenticated(resource)
  if (typeof service === 'string') return notAuthenticated(service)
  if (resource.claims['ttype'] !== 'res' || service.claims['ttype'] !== 'sp') {
    return notAuthenticated('tokens of another kind')
  }
  const sessionKey = await readSessionKey(details.sessionPublicKey)
  if (isServiceError(sessionKey)) return sessionKey
  const claims = { ...resource.claims, ttype: 'res_sp' }
  return { token: await issuer.issue(claims, sessionKey, behaviors.resource.lifetime) }
}
