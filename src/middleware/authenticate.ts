import type { MiddlewareHandler } from 'hono'
import type { KeyCheck } from '../access/keys.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/** Lets only those in who send one of the keys, as a bearer token or as `x-api-key`. */
export function authenticate(check: KeyCheck): MiddlewareHandler<GatewayEnvironment> {
  return async function authenticate(c, next) {
    const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const presented = bearer ?? c.req.header('x-api-key') ?? ''
    if (presented === '' || !(await check(presented))) {
      c.header('www-authenticate', 'Bearer')
      throw new ApiError(
        'invalid_api_key',
        'Cannot let you in: send one of the keys of this gateway as "Authorization: Bearer …"',
      )
    }
    c.set('clientKey', presented)
    await next()
  }
}
