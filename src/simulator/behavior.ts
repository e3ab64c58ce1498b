import type { MiddlewareHandler } from 'hono'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { sleep } from './sleep.ts'

/** The behavior of a service that issues credentials; a test may change it at any time. */
export interface ServiceBehavior {
  /** The number of calls so far. */
  calls: number
  /** Seconds until the issued tokens expire. */
  lifetime: number
  /** Milliseconds before the response. */
  delay: number
  /** The number of next calls that fail, with this status. */
  failures: number
  status: number
}

/** The services that issue credentials. */
export type CredentialService =
  | 'federation'
  | 'refresh'
  | 'upst'
  | 'exchange'
  | 'resource'
  | 'proxymux'
  | 'metadata'
export type ServiceBehaviors = Readonly<Record<CredentialService, ServiceBehavior>>

const FAILURES = new Map([
  [400, ['InvalidParameter', 'Invalid parameter']],
  [401, ['NotAuthenticated', 'Failed to verify the HTTP(S) Signature']],
  [403, ['NotAuthorized', 'Forbidden']],
  [404, ['NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.']],
  [429, ['TooManyRequests', 'Too many requests for the user(s)']],
])

/** Creates the default behavior of all services, with the same changes to each. */
export function createBehaviors(changes: Partial<ServiceBehavior> = {}): ServiceBehaviors {
  const defaults = { calls: 0, lifetime: 3_600, delay: 0, failures: 0, status: 500, ...changes }
  return {
    federation: { ...defaults },
    refresh: { ...defaults },
    upst: { ...defaults },
    exchange: { ...defaults },
    resource: { ...defaults },
    proxymux: { ...defaults },
    metadata: { ...defaults },
  }
}

/** Counts the calls of a service, and delays them or lets them fail as its behavior says. */
export function injectFailures(
  behavior: ServiceBehavior,
  context: SimulatorContext,
): MiddlewareHandler<Env> {
  return async function injectFailures(c, next) {
    behavior.calls += 1
    await sleep(behavior.delay, c.req.raw.signal)
    if (behavior.failures <= 0) return await next()
    behavior.failures -= 1
    const [code = '', message = ''] = FAILURES.get(behavior.status) ??
      ['InternalServerError', 'Internal Server Error']
    return reject({ status: behavior.status, code, message, reason: 'injected failure' }, context)
  }
}
