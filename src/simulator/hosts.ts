import type { MiddlewareHandler } from 'hono'
import type { Env } from './middleware.ts'
import { notFound } from './service-error.ts'
import { reject, type SimulatorContext } from './context.ts'

/** OCI's hosts, and the paths that each of them has. Other hosts stand for all of them. */
const HOSTS: readonly [host: RegExp, path: RegExp][] = [
  [
    /^inference\.generativeai\./,
    /^\/(20231130\/(actions\/|guardrailVersions)|openai\/v1\/)/,
  ],
  [/^generativeai\./, /^\/20231130\/(models|importedModels|endpoints|openai\/v1)/],
  [/^auth\.[a-z0-9-]+\./, /^\/v1\//],
  [/\.identity\.oraclecloud\.com$/, /^\/oauth2\/v1\//],
  [/^(169\.254\.169\.254|\[fd00:c1::a9fe:a9fe\])$/, /^\/opc\/v2\//],
]

/** Refuses a path that belongs to another host. */
export function checkHost(context: SimulatorContext): MiddlewareHandler<Env> {
  return async function checkHost(c, next) {
    const { hostname, pathname } = c.get('exchange').url
    const [, paths] = HOSTS.find(([host]) => host.test(hostname)) ?? []
    if (!paths || paths.test(pathname)) return await next()
    return reject(notFound(`no "${pathname}" at "${hostname}"`), context)
  }
}
