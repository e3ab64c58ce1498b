import type { Platform } from '../platform.ts'
import type { Around } from './lifecycle.ts'
import { dialectOf } from './dialect.ts'

/** Request ids that are accepted from a client; others are replaced. */
const VALID_REQUEST_ID = /^[\w-]{1,64}$/

/**
 * Sets the id of each request: the client's, or a random one. Responses carry it as `x-request-id`,
 * and those of Anthropic's API also as `request-id`.
 */
export function assignRequestId(platform: Platform): Around {
  return function assignRequestId(c) {
    const sent = c.req.header('x-request-id') ?? c.req.header('x-client-request-id') ?? ''
    const requestId = VALID_REQUEST_ID.test(sent) ? sent : platform.randomId()
    c.set('requestId', requestId)
    return () => {
      c.res.headers.set('x-request-id', requestId)
      if (dialectOf(c.req) === 'anthropic') c.res.headers.set('request-id', requestId)
    }
  }
}
