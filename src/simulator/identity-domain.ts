import { Hono } from 'hono'
import type { Env, SimulatorContext } from './context.ts'
import { injectFailures } from './behavior.ts'
import type { Credentials, IdentityDomain } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { isServiceError } from './service-error.ts'
import { readClaims } from './tokens/jwt.ts'
import { readSessionKey } from './tokens/read-request.ts'
import { type FindKey, verifySignature } from './verify-signature.ts'

type Failure = readonly [status: number, error: string, description: string]

const FORM = 'application/x-www-form-urlencoded'
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const UPST = 'urn:oci:token-type:oci-upst'
const RPST = 'urn:oci:token-type:oci-rpst'

/** `POST /oauth2/v1/token` on an identity domain's own host. */
export function identityDomain(
  context: SimulatorContext,
  credentials: Credentials,
  findKey: FindKey,
): Hono<Env> {
  const { exchange } = credentials.behaviors
  return new Hono<Env>().post('/oauth2/v1/token', injectFailures(exchange, context), async (c) => {
    const { domain } = credentials
    const token = domain
      ? await exchangeToken(c.get('exchange'), domain, credentials, findKey, context)
      : [404, 'not_found', 'No such domain'] as const
    if (typeof token === 'string') return Response.json({ token })
    const [status, error, error_description] = token
    context.onError({ status, code: error, message: error_description, reason: error_description })
    return Response.json({ error, error_description }, { status })
  })
}

async function exchangeToken(
  exchange: Exchange,
  domain: IdentityDomain,
  { issuer, behaviors }: Credentials,
  findKey: FindKey,
  context: SimulatorContext,
): Promise<string | Failure> {
  const { headers, body } = exchange.received
  if (!await isAuthenticated(exchange, domain, findKey, context)) {
    return [401, 'invalid_client', 'Client authentication failed.']
  }
  if (!headers.get('content-type')?.startsWith(FORM)) {
    return [415, 'invalid_request', 'The body is not a form.']
  }
  const form = new URLSearchParams(new TextDecoder().decode(body))
  const problem = checkForm(form)
  if (problem) return [400, 'invalid_request', problem]
  const subject = form.get('subject_token') ?? ''
  const claims = readClaims(subject)
  const isExpired = Number(claims?.['exp'] ?? Infinity) * 1000 <= context.now()
  if (!claims || isExpired || !domain.trusts(subject)) {
    return [401, 'invalid_token', 'The subject token is not valid.']
  }
  const sessionKey = await readSessionKey(form.get('public_key') ?? '')
  if (isServiceError(sessionKey)) return [400, 'invalid_request', sessionKey.message]
  const lifetime = Number(form.get('rpst_exp') ?? behaviors.exchange.lifetime)
  return await issuer.issue(claimsFor(form, String(claims['sub']), domain), sessionKey, lifetime)
}

/** An application sends its secret; an instance signs the request. */
async function isAuthenticated(
  { received, url }: Exchange,
  { clients }: IdentityDomain,
  findKey: FindKey,
  context: SimulatorContext,
): Promise<boolean> {
  const [, encoded] = /^Basic (\S+)$/.exec(received.headers.get('authorization') ?? '') ?? []
  if (encoded === undefined) {
    return !isServiceError(await verifySignature({ ...received, url }, findKey, context.now()))
  }
  return [...clients].some((pair) => btoa(pair.join(':')) === encoded)
}

function checkForm(form: URLSearchParams): string | undefined {
  const kind = form.get('requested_token_type')
  if (form.get('grant_type') !== GRANT) return 'Unknown grant_type.'
  if (kind !== UPST && kind !== RPST) return 'Unknown requested_token_type.'
  if (form.get('subject_token_type') !== 'jwt') return 'Unknown subject_token_type.'
  return kind === RPST && !form.has('res_type') ? 'Missing res_type.' : undefined
}

function claimsFor(form: URLSearchParams, sub: string, { tenancy }: IdentityDomain) {
  if (form.get('requested_token_type') === UPST) {
    return { sub, tenant: tenancy, ttype: 'upst', ptype: 'user' }
  }
  return { sub, ttype: 'res_sp', res_tenant: tenancy, res_type: form.get('res_type') }
}
