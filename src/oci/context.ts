import type { RequestLimits } from '../limits.ts'
import type { Platform } from '../platform.ts'
import type { CircuitBreaker } from './resilience/circuit-breaker.ts'
import type { RetryPolicy } from './resilience/retry-policy.ts'
import type { QuirkCache } from './models/quirk-cache.ts'
import type { LookUpModel } from './models/look-up.ts'
import type { ProfileOverride } from './models/profiles.ts'
import type { RateLimitQueue } from './resilience/rate-limit-queue.ts'
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

/** Some models reason for up to six minutes without output. */
export const DEFAULT_TIMEOUTS: OciTimeouts = {
  response: 600_000,
  idle: 400_000,
  usageGrace: 2_000,
  streamStart: 10_000,
  total: 3_600_000,
}

/** The operator's settings and the dependencies of every call to OCI. */
export interface OciSetup {
  send: Send
  platform: Platform
  /** The regions that serve the models. */
  targets: RegionCache
  /** Base address of the control plane. */
  control: URL
  /** The control planes of all configured regions. Default: `control` alone. */
  controls?: readonly { region: string; control: URL }[] | undefined
  /** The base address of the control plane in the region of an OCID. Default: `control`. */
  controlOf?: ((ocid: string) => URL) | undefined
  compartmentId: string
  /** The OCID of a generative AI project, which OCI's OpenAI endpoint accepts. */
  project?: string | undefined
  /** `bearer`: only OCI's OpenAI endpoint is called. Default: `signature`. */
  scheme?: 'signature' | 'bearer' | undefined
  /** Whether requests are signed, so that OCI needs the hash of a body before its bytes. Default: true. */
  signsBodies?: boolean | undefined
  /** Whether the credential can sign. Absent: always. */
  isReady?: (() => Promise<boolean>) | undefined
  /** OCI's model names, by alias or alias pattern. */
  aliases: ReadonlyMap<string, string>
  /** The models that are tried in order when one fails, by its name or a pattern. */
  fallbacks: ReadonlyMap<string, readonly string[]>
  /** Profile overrides, by model or pattern. */
  models: ReadonlyMap<string, ProfileOverride>
  quirks: QuirkCache
  retry: RetryPolicy
  budget: RetryBudget
  /** Default: a new cache. */
  signatures?: SignatureCache
  breaker: CircuitBreaker
  /** Absent where the queue is disabled. */
  rateLimits?: RateLimitQueue | undefined
  timeouts: OciTimeouts
  /** Limits on what one request may contain. Defaults to `DEFAULT_REQUEST_LIMITS`. */
  limits?: RequestLimits | undefined
}

/** Everything that a call to OCI needs besides the request. */
export interface OciContext extends OciSetup {
  signatures: SignatureCache
  lookUpModel: LookUpModel
}
