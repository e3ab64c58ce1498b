import type { MiddlewareHandler } from 'hono'
import type { Acquisition, ConcurrencyLimiter } from '../access/concurrency-limiter.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'
import { clientOf } from './identify-client.ts'

/**
 * Rejects requests over the concurrency limits, and every request while the gateway drains. Releases
 * the permit when the request ends.
 */
export function limitConcurrency(
  limiter: ConcurrencyLimiter,
): MiddlewareHandler<GatewayEnvironment> {
  return function limitConcurrency(c, next) {
    const acquisition = limiter.acquire(clientOf(c))
    if (acquisition.type === 'rejected') throw rejected(acquisition)
    const { permit } = acquisition
    c.get('lifecycle').onEnd(() => limiter.release(permit))
    c.set('permit', permit)
    return next()
  }
}

function rejected({ reason }: Extract<Acquisition, { type: 'rejected' }>): ApiError {
  return new ApiError('overloaded', messageOf(reason), { retryAfter: 1, reason })
}

function messageOf(reason: Extract<Acquisition, { type: 'rejected' }>['reason']): string {
  switch (reason) {
    case 'draining':
      return 'The gateway is shutting down. Retry in 1 second'
    case 'full':
      return 'Too many concurrent requests. Retry in 1 second'
    case 'client-full':
      return 'Too many concurrent requests from this client. Retry in 1 second'
  }
}
