import type { YieldToEventLoop } from '../access/heavy-work.ts'
import type { KeyIdentity } from '../access/stored-keys.ts'
import type { Permit } from '../access/concurrency-limiter.ts'
import type { RequestMeter } from '../metering/request-meter.ts'
import type { ByteReader, LogRecord } from '../platform.ts'
import type { SseSource } from '../sse/response.ts'
import type { Timers } from '../timeout.ts'
import type { RequestProgress } from '../telemetry/request-progress.ts'
import type { TraceContext } from '../telemetry/trace/trace-context.ts'

/** Per-request values, set by middleware. Read them with `c.get()`: `c.var` copies all of them. */
export interface RequestVariables {
  requestId: string
  lifecycle: RequestLifecycle
  /**
   * The client, if it is known: read it with `clientOf()`. The id of its key or, without one, its
   * address. Limits are counted by it, and stored objects belong to it. Never the key itself.
   */
  client: string | undefined
  /** Finds the address of the client. */
  clientAddress: () => string
  /** Whose stored objects the client may use: its team's or its key's; `undefined` without a key. */
  owner: string | undefined
  /** The client's key in the store. */
  identity: KeyIdentity | undefined
  /** Counts what the request uses; `undefined` on a gateway without a store. */
  meter: RequestMeter | undefined
  /** Calls, first content and tokens, for the record of the request. */
  progress: RequestProgress
  /** The trace of the request; `undefined` without one. */
  trace: TraceContext | undefined
  /** The request's log line. Routes add to its fields. */
  log: LogRecord
  /** Waits before each step of work on a large body; `undefined` for a small one. */
  yieldToEventLoop: YieldToEventLoop | undefined
  /** `undefined` for paths without a concurrency limit. */
  permit: Permit | undefined
}

/** The lifecycle of one request, from its arrival until its last byte is sent or discarded. */
export interface RequestLifecycle {
  /** The timers of the request, which end with it. */
  readonly timers: Timers
  /**
   * Calls `callback` once when the request ends: answered, failed, or the client disconnected. Every
   * resource of a request is released here.
   */
  onEnd(callback: () => void): void
  /**
   * Keeps the request open after its handler returns, for a streamed response. Returns the function
   * that ends the request; the caller must call it at the end of the stream.
   */
  extend(): () => void
}

/** What the entry of a runtime passes to the app with each request. */
export interface RequestBindings {
  /** Path of the request where the URL has a longer one, as in an application with other routes. */
  path?: string
  /** Address of the other end of the connection; `undefined` if the runtime does not report it. */
  peerAddress?(): string | undefined
  /**
   * Calls `callback` when the client disconnects, for runtimes whose `request.signal` may miss it.
   * Returns the function that removes the callback.
   */
  onDisconnect?(callback: () => void): () => void
  /** Called when the request ends. */
  onEnd?(): void
  /** Keeps the runtime running for work after the response. */
  waitUntil?(work: Promise<unknown>): void
  /** Opens the request's body, where this is faster than its `ReadableStream`. */
  openBody?(): ByteReader
  /** The same for a large body: nothing else uses the memory of its chunks. */
  openUpload?(): ByteReader
  /** Creates responses where this is faster than a `Response`. */
  responses?: ResponseFactory | undefined
}

/** Creates responses that only the entry of a runtime reads. Values of headers are validated. */
export interface ResponseFactory {
  whole(text: string, headers: Readonly<Record<string, string>>): Response
  streamed(source: SseSource, headers: Readonly<Record<string, string>>): Response
}

export interface GatewayEnvironment {
  Bindings: RequestBindings
  Variables: RequestVariables
}
