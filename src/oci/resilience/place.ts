import type { AbortState } from '../../abort.ts'

export interface RateLimitQueuePolicy {
  /** Maximum waiting calls of one client for a model in a region; 0 disables the queue. */
  maxPerClient: number
  /** Maximum milliseconds that one request waits in all. */
  maxWait: number
}

/** A call to a model in a region, before it begins. */
export interface QueuedCall {
  region: string
  /** OCI's name or OCID of the model; empty for calls without one. */
  model: string
  /** The identity of the client; empty without one. */
  client: string
  signal: AbortState
  /** Whether the call may wait. Otherwise another region or model is tried. */
  mayWait: boolean
  /** Milliseconds that the request has waited before. */
  waited: number
  /** Whether OCI has just answered 429 to the request: it is then the first one of its client. */
  isRetry: boolean
}

/** A place among the running calls. */
export interface Place {
  /** Milliseconds that the request has waited in all. */
  waited: number
  /** Gives the place back. Further calls are ignored. */
  release(end: CallEnd): void
}

/** How a call ended. A stream ends with its last event, or when its client disconnects. */
export type CallEnd =
  | { type: 'succeeded' }
  | { type: 'failed' }
  /** OCI has answered 429; `retryAfter` is in milliseconds. */
  | { type: 'rejected'; retryAfter: number | undefined }

/** The state of a model in a region, as `/readyz` reports it. */
export interface RateLimitState {
  region: string
  model: string
  /** Maximum concurrent calls; `null` without a limit. */
  limit: number | null
  running: number
  queued: number
}

/** The reason of an error for a call that was not made because OCI's rate limit is reached. */
export const RATE_LIMITED = 'rate_limited'
