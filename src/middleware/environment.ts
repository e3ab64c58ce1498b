import type { Guest } from '../access/turnstile.ts'
import type { LogRecord } from '../platform.ts'

/**
 * What the middleware knows of a request when a route gets it. Ask with `c.get()`: `c.var` copies all
 * of it each time.
 */
export interface RequestVariables {
  requestId: string
  /** The key the client was let in by, never to be told; `undefined` where none is needed. */
  clientKey: string | undefined
  /** Fields of this request's line in the log; a route adds to them. */
  log: Omit<LogRecord, 'level' | 'event'>
  /** Set by a route whose answer goes on after it returned: it writes the line itself. */
  finishLog: (() => void) | undefined
  /** The request as one of those at work; absent where they are not counted. */
  guest: Guest | undefined
}

/** What the entry of a runtime knows of a request. */
export interface RequestBindings {
  /** The address at the other end of the connection, where the runtime tells it. */
  clientAddress?(): string | undefined
}

export interface GatewayEnvironment {
  Bindings: RequestBindings
  Variables: RequestVariables
}
