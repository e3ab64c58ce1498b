import type { MiddlewareHandler } from 'hono'
import type { GuessLimit } from '../access/guesses.ts'
import type { KeyCheck } from '../access/keys.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/**
 * Lets only those in who send one of the keys, as a bearer token or as `x-api-key`. An address that
 * sent too many wrong ones has to wait, whatever it sends.
 */
export function authenticate(
  check: KeyCheck,
  guesses: GuessLimit,
): MiddlewareHandler<GatewayEnvironment> {
  return async function authenticate(c, next) {
    const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const presented = bearer ?? c.req.header('x-api-key') ?? ''
    const address = c.env?.clientAddress?.() ?? ''
    if (presented !== '' && guesses.bars(address, presented)) throw tooManyGuesses()
    if (presented === '' || !(await check(presented))) {
      if (presented !== '') guesses.noteWrong(address)
      c.header('www-authenticate', 'Bearer')
      throw new ApiError(
        'invalid_api_key',
        'Cannot let you in: send one of the keys of this gateway as "Authorization: Bearer …"',
      )
    }
    guesses.noteRight(presented)
    c.set('clientKey', presented)
    await next()
  }
}

function tooManyGuesses(): ApiError {
  return new ApiError(
    'rate_limit_exceeded',
    'Cannot let you in: too many wrong keys came from your address',
    { retryAfter: 10, reason: 'guesses' },
  )
}
