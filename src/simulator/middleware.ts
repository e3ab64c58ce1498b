import type { MiddlewareHandler } from 'hono'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { readExchange, type ReceivedRequest } from './exchange.ts'
import { opcRequestId } from './ids.ts'
import { isServiceError, notFound } from './service-error.ts'
import { type FindKey, verifySignature } from './verify-signature.ts'

/** The paths that each OCI host serves. Any other host, such as 127.0.0.1, serves all paths. */
const HOSTS: readonly [host: RegExp, path: RegExp][] = [
  [
    /^inference\.generativeai\./,
    /^\/(20231130\/(actions\/|guardrailVersions)|openai\/v1\/)/,
  ],
  [
    /^generativeai\./,
    /^\/20231130\/(models|importedModels|endpoints|routingProfiles|modelDiscovery|openai\/v1)/,
  ],
  [/^identity\./, /^\/20160918\//],
  [/^usageapi\./, /^\/20200107\//],
  [/^auth\.[a-z0-9-]+\./, /^\/v1\//],
  [/^identity\.[a-z0-9-]+\.oci\./, /^\/20160918\//],
  [/\.identity\.oraclecloud\.com$/, /^\/oauth2\/v1\//],
  [/^(169\.254\.169\.254|\[fd00:c1::a9fe:a9fe\])$/, /^\/opc\/v2\//],
]

/** Reads the whole request body and adds `opc-request-id` and `date` to the response. */
export function receive(
  onRequest: ((request: ReceivedRequest) => void) | undefined,
  now: () => number,
): MiddlewareHandler<Env> {
  return async function receive(c, next) {
    const exchange = await readExchange(c.req.raw)
    onRequest?.(exchange.received)
    c.set('exchange', exchange)
    await next()
    const chosen = exchange.received.headers.get('opc-request-id')
    c.res.headers.set('opc-request-id', opcRequestId(chosen))
    c.res.headers.set('date', new Date(now()).toUTCString())
    if (!exchange.isStreaming) exchange.end('completed')
  }
}

/** Rejects a path that the requested OCI host does not serve. */
export function checkHost(context: SimulatorContext): MiddlewareHandler<Env> {
  return async function checkHost(c, next) {
    const { hostname, pathname } = c.get('exchange').url
    const [, paths] = HOSTS.find(([host]) => host.test(hostname)) ?? []
    if (!paths || paths.test(pathname)) return await next()
    return reject(notFound(`no "${pathname}" at "${hostname}"`), context)
  }
}

/** The caller with a Generative AI API key, which belongs to a compartment. */
const BEARER_CALLER = 'generativeaiapikey'

/** Rejects a request without a valid HTTP signature and stores the caller's `keyId`. */
export function requireSignature(
  context: SimulatorContext,
  findKey: FindKey,
  bearerKeys: ReadonlySet<string> = new Set(),
): MiddlewareHandler<Env> {
  return async function requireSignature(c, next) {
    const { received, url } = c.get('exchange')
    const [, secret = ''] = /^Bearer (\S+)$/.exec(received.headers.get('authorization') ?? '') ?? []
    if (context.behavior.hasNativeBearer && bearerKeys.has(secret)) {
      c.set('keyId', BEARER_CALLER)
      return await next()
    }
    const caller = await verifySignature({ ...received, url }, findKey, context.now())
    if (isServiceError(caller)) return reject(caller, context)
    c.set('keyId', caller.keyId)
    return await next()
  }
}
