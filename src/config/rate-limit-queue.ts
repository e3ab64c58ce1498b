import * as v from 'valibot'
import { Seconds } from './seconds.ts'

/** The queue of requests while OCI answers 429. */
export const RateLimitQueue = v.partial(v.strictObject({
  maxPerClient: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(10_000, 'must be at most 10000'),
    v.description(
      'Maximum waiting requests of one client for a model in a region; further ones receive 429. ' +
        '0 disables the queue. Default: 256',
    ),
  ),
  maxSeconds: v.pipe(
    Seconds,
    v.maxValue(600, 'must be at most 600'),
    v.description('Maximum seconds that a request waits, after which it receives 429. Default: 20'),
  ),
}))
