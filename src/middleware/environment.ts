import type { TakeTurn } from '../access/heavy-work.ts'
import type { Permit } from '../access/concurrency-limiter.ts'
import type { LogRecord } from '../platform.ts'

/**
 * What the middleware knows of a request when a route gets it. Ask with `c.get()`: `c.var` copies all
 * of it each time.
 */
export interface RequestVariables {
  requestId: string
  lifecycle: RequestLifecycle
  /**
   * Who sent the request: the id of their key or, on a gateway without keys, their address. Limits
   * count by it, and stored objects belong to it. Never the key itself.
   */
  client: string
  /** Fields of this request's line in the log; a route adds to them. */
  log: Omit<LogRecord, 'level' | 'event'>
  /** Waits before each piece of work on a large body; absent for a small one. */
  takeTurn: TakeTurn | undefined
  /** Absent where requests are not counted. */
  permit: Permit | undefined
}

/** The life of one request, from its arrival until its last byte is written or given up. */
export interface RequestLifecycle {
  /**
   * Calls `callback` once when the request is over, whatever happened: answered, failed, or the
   * client disconnected. Every resource of a request is released here.
   */
  onEnd(callback: () => void): void
  /**
   * Keeps the request alive after its handler has returned, for an answer that is streamed. Whoever
   * calls this must call the returned function when the stream is over.
   */
  extend(): () => void
}

/** What the entry of a runtime knows of a request. */
export interface RequestBindings {
  /** The address at the other end of the connection, where the runtime tells it. */
  peerAddress?(): string | undefined
  /** Hears that the client disconnected, where `request.signal` may not; returns how to stop it. */
  onDisconnect?(callback: () => void): () => void
  /** Called when the request is over. */
  onEnd?(): void
}

export interface GatewayEnvironment {
  Bindings: RequestBindings
  Variables: RequestVariables
}
