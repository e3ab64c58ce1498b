import type { MiddlewareHandler } from 'hono'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { sleep } from './sleep.ts'

/** A limit on concurrent inference calls, which clients cannot see; a test may change it at any time. */
export interface Capacity {
  /** Further calls receive 429. */
  max: number
  /** Milliseconds of each call before its response. */
  delay: number
  /** Seconds in the `Retry-After` of a 429. */
  retryAfter?: number
  /** Calls whose response has not ended. */
  running: number
  /** Calls that received 429. */
  rejected: number
}

/** Creates a limit without calls. */
export function createCapacity(part: Partial<Capacity> = {}): Capacity {
  return { max: Infinity, delay: 0, running: 0, rejected: 0, ...part }
}

/** Rejects inference calls beyond the capacity. A stream takes its place until it ends. */
export function limitCapacity(
  capacity: Capacity,
  context: SimulatorContext,
): MiddlewareHandler<Env> {
  return async function limitCapacity(c, next) {
    if (c.req.method !== 'POST') return await next()
    const { received, request } = c.get('exchange')
    if (capacity.running >= capacity.max) {
      capacity.rejected++
      return reject(tooManyRequests(capacity), context)
    }
    capacity.running++
    void received.ended.then(() => capacity.running--)
    await sleep(capacity.delay, request.signal)
    await next()
  }
}

function tooManyRequests({ retryAfter }: Capacity) {
  return {
    ...{ status: 429, code: 'TooManyRequests' },
    message: 'Too many requests for the given tenancy',
    reason: 'hidden limit',
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  }
}
