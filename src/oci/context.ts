import type { RequestLimits } from '../limits.ts'
import type { Platform } from '../platform.ts'
import type { CircuitBreaker } from './resilience/circuit-breaker.ts'
import type { RetryPolicy } from './resilience/retry-policy.ts'
import type { QuirkCache } from './models/quirk-cache.ts'
import type { LookUpModel } from './models/look-up.ts'
import type { ProfileOverride } from './models/profiles.ts'
import type { RetryBudget } from './resilience/retry-budget.ts'
import type { Send } from './http/send.ts'
import type { RegionCache } from './resilience/region-targets.ts'
import type { SignatureCache } from './models/thought-signatures.ts'

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
  breaker: CircuitBreaker
  timeouts: OciTimeouts
  /** Limits on what one request may contain; the defaults when absent. */
  limits?: RequestLimits | undefined
}

/** Everything a call to OCI needs beside the call itself. */
export interface OciContext extends OciSetup {
  signatures: SignatureCache
  lookUpModel: LookUpModel
}
