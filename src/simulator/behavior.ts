import type { MiddlewareHandler } from 'hono'
import type { Env } from './admit.ts'
import { sleep } from './sleep.ts'
import { refuse, type World } from './context.ts'

/** How a service behaves that credentials come from; a test may change it at any time. */
export interface Conduct {
  /** How often it was called. */
  calls: number
  /** Seconds that the tokens it gives are good. */
  life: number
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
export type Conducts = Readonly<Record<CredentialService, Conduct>>

const FAILURES = new Map([
  [400, ['InvalidParameter', 'Invalid parameter']],
  [401, ['NotAuthenticated', 'Failed to verify the HTTP(S) Signature']],
  [403, ['NotAuthorized', 'Forbidden']],
  [404, ['NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.']],
  [429, ['TooManyRequests', 'Too many requests for the user(s)']],
])

/** Services as they usually behave, but for what is said of all of them. */
export function createConducts(changes: Partial<Conduct> = {}): Conducts {
  const usual = { calls: 0, life: 3_600, delay: 0, failures: 0, status: 500, ...changes }
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

/** Counts the calls of a service, and holds them up or lets them fail where its conduct says so. */
export function behave(conduct: Conduct, world: World): MiddlewareHandler<Env> {
  return async function behave(c, next) {
    conduct.calls += 1
    await sleep(conduct.delay, c.req.raw.signal)
    if (conduct.failures <= 0) return await next()
    conduct.failures -= 1
    const [code = '', message = ''] = FAILURES.get(conduct.status) ??
      ['InternalServerError', 'Internal Server Error']
    return refuse({ status: conduct.status, code, message, reason: 'told to fail' }, world)
  }
}
