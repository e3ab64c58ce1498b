import { Hono } from 'hono'
import { admit, type Env } from './admit.ts'
import { readAuthorization } from './authorization.ts'
import { behave } from './behavior.ts'
import type { Credentials } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { fromPem, toBase64 } from './pem.ts'
import { badParameter, isRefusal, type Refusal } from './refusal.ts'
import { resourcePrincipals } from './resource-principals.ts'
import { federate } from './tokens/federate.ts'
import { readSessionKey, readTokenDetails } from './tokens/read-details.ts'
import { type FindKey, notAuthenticated } from './verify-signature.ts'
import { refuse, type World } from './context.ts'

/** The auth service of a region (`/v1/…` of its own host). */
export function authService(world: World, credentials: Credentials, findKey: FindKey): Hono<Env> {
  const { conducts } = credentials
  const signed = admit(world, findKey)
  return new Hono<Env>()
    .post('/v1/x509', behave(conducts.federation, world), async (c) => {
      return answer(await federate(c.get('exchange'), credentials, world.now()), world)
    })
    .post('/v1/authentication/refresh', behave(conducts.refresh, world), signed, async (c) => {
      return answer(await refresh(c.get('exchange'), credentials, world.now()), world)
    })
    .post(
      '/v1/token/upst/actions/GenerateUpst',
      behave(conducts.upst, world),
      signed,
      async (c) => answer(await generate(c.get('exchange'), c.get('keyId'), credentials), world),
    )
    .route('/', resourcePrincipals(world, credentials, findKey))
}

/** A token, or why there is none, as an answer. */
export function answer(token: string | Refusal, world: World): Response {
  return typeof token === 'string' ? Response.json({ token }) : refuse(token, world)
}

/** The same session for longer, but never beyond its end. */
async function refresh(
  { seen }: Exchange,
  { issuer, conducts }: Credentials,
  now: number,
): Promise<string | Refusal> {
  const details = readTokenDetails<{ currentToken: string }>({ currentToken: 'string' }, seen.json)
  if (isRefusal(details)) return details
  const { keyId } = readAuthorization(seen.headers.get('authorization') ?? '') ?? {}
  if (keyId !== `ST$${details.currentToken}`) {
    return notAuthenticated('not signed with currentToken')
  }
  const token = await issuer.read(details.currentToken)
  if (typeof token === 'string') return notAuthenticated(token)
  if (token.claims['ttype'] !== 'login') return notAuthenticated('not the token of a login')
  const left = Math.floor((Date.parse(String(token.claims['sess_exp'])) - now) / 1000)
  if (!(left > 0)) return notAuthenticated('the session is over')
  return await issuer.issue(token.claims, token.key, Math.min(conducts.refresh.life, left))
}

/** A session for anyone who can sign: the way to one without a browser. */
async function generate(
  { seen }: Exchange,
  keyId: string,
  { issuer }: Credentials,
): Promise<string | Refusal> {
  const details = readTokenDetails<{ publicKey: string; sessionExpirationInMinutes?: number }>({
    publicKey: 'string',
    'sessionExpirationInMinutes?': 'integer',
  }, seen.json)
  if (isRefusal(details)) return details
  const { publicKey, sessionExpirationInMinutes: minutes = 60 } = details
  if (minutes < 5 || minutes > 60) return badParameter('Invalid sessionExpirationInMinutes')
  const spki = fromPem('PUBLIC KEY', publicKey)
  const key = await readSessionKey(spki ? toBase64(spki) : '')
  if (isRefusal(key)) return key
  const [tenant, sub] = keyId.split('/')
  return await issuer.issue({ sub, tenant, ttype: 'upst', ptype: 'user' }, key, minutes * 60)
}
