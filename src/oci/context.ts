import type { RequestLimits } from '../limits.ts'
import type { Platform } from '../platform.ts'
import type { Journey } from './attempts.ts'
import type { Breaker } from './breaker.ts'
import type { RetryPolicy } from './fallback.ts'
import type { QuirkCache } from './quirk-cache.ts'
import type { LookUpModel } from './model-lookup.ts'
import type { ProfileOverride } from './models.ts'
import type { RetryBudget } from './retry-budget.ts'
import type { Send } from './send.ts'
import type { RegionCache } from './targets.ts'
import type { SignatureCache } from './thought-signatures.ts'

/** Timeouts in milliseconds; 0 disables `response`, `idle` and `total`. */
export interface OciTimeouts {
  /** Until OCI's response headers. */
  response: number
  /** Between two chunks of a response. */
  idle: number
  /** After the last finish reason of a stream, for the token usage that may follow. */
  usageGrace: number
  /** Until the stream to the client starts although OCI has not sent its first event. */
  streamStart: number
  /** For a complete response. */
  total: number
}

/** Models are known to reason for six minutes without output. */
export const DEFAULT_TIMEOUTS: OciTimeouts = {
  response: 600_000,
  idle: 400_000,
  usageGrace: 2_000,
  streamStart: 10_000,
  total: 3_600_000,
}

/** What the operator chose, and the means to reach OCI. */
export interface OciSetup {
  send: Send
  platform: Platform
  /** Where models are asked. */
  targets: RegionCache
  /** Base address of the control plane. */
  control: URL
  compartmentId: string
  /** A generative AI project, for OCI's OpenAI endpoint. */
  project?: string | undefined
  /** `bearer` keys are taken by OCI's OpenAI endpoint alone; `signature` when absent. */
  scheme?: 'signature' | 'bearer' | undefined
  /** Whether the credential can sign; always, when absent. */
  isReady?: (() => Promise<boolean>) | undefined
  aliases: ReadonlyMap<string, string>
  /** The models to ask, in turn, where one fails: by its name or by pattern. */
  fallbacks: ReadonlyMap<string, readonly string[]>
  models: ReadonlyMap<string, ProfileOverride>
  quirks: QuirkCache
  retry: RetryPolicy
  budget: RetryBudget
  breaker: Breaker
  timeouts: OciTimeouts
  /** Limits on what one request may contain; the defaults when absent. */
  limits?: RequestLimits | undefined
}

/** Everything a call to OCI needs beside the call itself. */
export interface OciContext extends OciSetup {
  signatures: SignatureCache
  lookUpModel: LookUpModel
}

/** What belongs to one request of a client. */
export interface CallContext {
  /** Ends everything when the client leaves. */
  signal: AbortSignal
  requestId: string
  /**
   * Who asks: the identity of a key or an address, so that the failures and retries of one client are
   * told apart from those of others. Clients without one count as the same.
   */
  client?: string | undefined
  /** Waits before each piece of heavy work, so that other requests are answered in between. */
  takeTurn?: (() => Promise<void>) | undefined
  /** What the request went through so far, where several models or ways are asked for it. */
  journey?: Journey | undefined
  /** Whether no other model is asked when this one fails; so when absent. */
  isLastModel?: boolean | undefined
}
