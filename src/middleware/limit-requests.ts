import type { MiddlewareHandler } from 'hono'
import type { Turnstile } from '../access/turnstile.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/** Turns away, at once, what is more than can be worked at, and everybody when the gateway ends. */
export function limitRequests(turnstile: Turnstile): MiddlewareHandler<GatewayEnvironment> {
  return async function limitRequests(c, next) {
    const guest = turnstile.enter()
    if (!guest) throw turnedAway(turnstile)
    // The line in the log is the last thing there is of a request, streamed or not.
    const finishLog = c.get('finishLog')
    c.set('finishLog', () => {
      turnstile.leave(guest)
      finishLog?.()
    })
    c.set('guest', guest)
    await next()
  }
}

function turnedAway({ isClosed }: Turnstile): ApiError {
  const state = isClosed ? 'the gateway is about to end' : 'too many requests are at work'
  return new ApiError('overloaded', `Cannot take the request: ${state}`, { retryAfter: 1 })
}
