import type { TraceContext } from './trace/trace-context.ts'

/** One call to OCI that a request made. Times are in milliseconds. */
export interface AttemptRecord {
  /** OCI's name or OCID of the model; absent for calls without one. */
  model: string | undefined
  region: string
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Until OCI answered, started to stream, or failed. */
  ms: number
  /** OCI's HTTP status; `undefined` if it did not answer. */
  status: number | undefined
  /** The gateway's error code of a failed call. */
  error: string | undefined
  opcRequestId: string | undefined
  /** The span of the call, if the request has a trace. */
  spanId?: string | undefined
}

/** Tokens of all calls of a request. Reasoning is a part of the completion. */
export interface TokenRecord {
  prompt: number
  completion: number
  cached: number | undefined
  reasoning: number | undefined
  /** Whether the gateway estimated them, because OCI reported none. */
  isEstimated: boolean
}

/** Who sent a request. */
export interface SenderRecord {
  /** The name of the stored key, or the id of a configured one; `undefined` without a key. */
  key: string | undefined
  team: string | undefined
  /** The person that the client names, only for keys that allow it. */
  person: string | undefined
  /** The `user-agent` header. */
  userAgent: string | undefined
}

/**
 * What is known of a request when it has ended, for the log of recent requests, metrics and traces.
 * It has no content of prompts or answers, and no secret.
 */
export interface RequestRecord {
  requestId: string
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Until the last byte was sent or discarded. */
  ms: number
  method: string
  /** At most 200 UTF-16 units. */
  path: string
  /** The client API of a path that calls models, such as `chat`; `undefined` for other paths. */
  api: string | undefined
  /** The model as the client named it. */
  model: string | undefined
  stream: boolean
  status: number
  outcome: 'complete' | 'failed' | 'client_closed'
  /** The error code of the answer. */
  error: string | undefined
  /** Why, in more detail than `error`. */
  reason: string | undefined
  /** The region that answered, or that was called last. */
  region: string | undefined
  /** The fallback model that answered instead of `model`. */
  fallback: string | undefined
  attempts: readonly AttemptRecord[]
  /** From the arrival of the request to the first content of its stream. */
  firstTokenMs: number | undefined
  tokens: TokenRecord | undefined
  /** Nano-dollars; `undefined` if the gateway does not count costs or the model has no price. */
  cost: number | undefined
  warnings: readonly string[]
  opcRequestId: string | undefined
  sender: SenderRecord
  /** The trace that the request belongs to. */
  trace?: TraceContext | undefined
}

/** Receives the record of each request. Must not throw, and must not wait. */
export type RequestObserver = (record: RequestRecord) => void
