import { Hono } from 'hono'
import { admit, type Env } from './admit.ts'
import { behave } from './behavior.ts'
import type { Credentials } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { isRefusal, notFound, type Refusal } from './refusal.ts'
import { readSessionKey, readTokenDetails } from './tokens/read-details.ts'
import { type FindKey, notAuthenticated } from './verify-signature.ts'
import { refuse, type World } from './context.ts'

interface SessionDetails {
  resourcePrincipalToken: string
  servicePrincipalSessionToken: string
  sessionPublicKey: string
}

/** Seconds between the two calls at most. */
const PATIENCE = 600

/**
 * The two calls of resource principals 1.1 and 2.1: an instance, or the resource itself, gets two
 * tokens, and changes them for one that it can sign with.
 */
export function resourcePrincipals(
  world: World,
  credentials: Credentials,
  findKey: FindKey,
): Hono<Env> {
  const { resource } = credentials.conducts
  const signed = admit(world, findKey)
  const paths = ['resourcePrincipalToken', 'resourcePrincipalTokenV2', 'resourcePrincipalTokenV212']
  const app = new Hono<Env>()
  for (const path of paths) {
    app.get(`/20180711/${path}/:id`, behave(resource, world), signed, async (c) => {
      const tokens = await tokensFor(c.req.param('id'), c.get('keyId'), credentials)
      return isRefusal(tokens) ? refuse(tokens, world) : Response.json(tokens)
    })
  }
  return app.post(
    '/v1/resourcePrincipalSessionToken',
    behave(resource, world),
    signed,
    async (c) => {
      const token = await sessionToken(c.get('exchange'), credentials)
      return isRefusal(token) ? refuse(token, world) : Response.json(token)
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
    resourcePrincipalToken: await issuer.issue({ ...claims, ttype: 'res' }, undefined, PATIENCE),
    servicePrincipalSessionToken: await issuer.issue({ ttype: 'sp' }, undefined, PATIENCE),
  }
}

async function sessionToken(
  { seen }: Exchange,
  { issuer, conducts }: Credentials,
): Promise<{ token: string } | Refusal> {
  const details = readTokenDetails<SessionDetails>({
    resourcePrincipalToken: 'string',
    servicePrincipalSessionToken: 'string',
    sessionPublicKey: 'string',
  }, seen.json)
  if (isRefusal(details)) return details
  const resource = await issuer.read(details.resourcePrincipalToken)
  const service = await issuer.read(details.servicePrincipalSessionToken)
  if (typeof resource === 'string') return notAuthenticated(resource)
  if (typeof service === 'string') return notAuthenticated(service)
  if (resource.claims['ttype'] !== 'res' || service.claims['ttype'] !== 'sp') {
    return notAuthenticated('tokens of another kind')
  }
  const holder = await readSessionKey(details.sessionPublicKey)
  if (isRefusal(holder)) return holder
  const claims = { ...resource.claims, ttype: 'res_sp' }
  return { token: await issuer.issue(claims, holder, conducts.resource.life) }
}
