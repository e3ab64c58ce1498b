import type { MiddlewareHandler } from 'hono'
import type { Env } from './middleware.ts'
import { sleep } from './sleep.ts'
import { reject, type SimulatorContext } from './context.ts'

/** How a service behaves that credentials come from; a test may change it at any time. */
export interface ServiceBehavior {
  /** How often it was called. */
  calls: number
  /** Seconds that the tokens it gives are good. */
  lifetime: number
  /** Milliseconds before it answers. */
  delay: number
  /** How many calls from now on fail, and with which status. */
  failures: number
  status: number
}

/** The services that credentials come from. */
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

/** Services as they usually injectFailures, but for what is said of all of them. */
export function createBehaviors(changes: Partial<ServiceBehavior> = {}): ServiceBehaviors {
  const usual = { calls: 0, lifetime: 3_600, delay: 0, failures: 0, status: 500, ...changes }
  return {
    federation: { ...usual },
    refresh: { ...usual },
    upst: { ...usual },
    exchange: { ...usual },
    resource: { ...usual },
    proxymux: { ...usual },
    metadata: { ...usual },
  }
}

/** Counts the calls of a service, and holds them up or lets them fail where its behavior says so. */
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
    return reject({ status: behavior.status, code, message, reason: 'told to fail' }, context)
  }
}
