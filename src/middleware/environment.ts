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
}

export interface GatewayEnvironment {
  Variables: RequestVariables
}
