import type { Config } from '../config/read.ts'
import { createQuirkCache, type QuirkCache } from '../oci/models/quirk-cache.ts'
import { createSignatureCache, type SignatureCache } from '../oci/models/thought-signatures.ts'
import { type CircuitBreaker, createCircuitBreaker } from '../oci/resilience/circuit-breaker.ts'
import {
  createRateLimitQueue,
  DEFAULT_RATE_LIMIT_QUEUE,
  type RateLimitQueue,
  type RateLimitQueuePolicy,
} from '../oci/resilience/rate-limit-queue.ts'
import type { RegionCache } from '../oci/resilience/region-targets.ts'
import { createRetryBudget, type RetryBudget } from '../oci/resilience/retry-budget.ts'
import type { Platform } from '../platform.ts'

/**
 * What a process knows about OCI: counts of calls and failures, and what it has learned about models.
 * It stays when the configuration is reloaded.
 */
export interface OciState {
  quirks: QuirkCache
  signatures: SignatureCache
  breaker: CircuitBreaker
  budget: RetryBudget
  /** The queue, unless the policy of a configuration disables it. */
  rateLimits(policy: RateLimitQueuePolicy): RateLimitQueue | undefined
  /** The cache of the regions that serve a model; a new one for another key. */
  targets(key: string, create: () => RegionCache): RegionCache
  /** Applies the settings of a new configuration to calls that begin from now on. */
  configure(settings: OciStateSettings): void
}

/** The settings of the state. */
export type OciStateSettings = Pick<Config, 'budget' | 'circuitBreaker' | 'rateLimitQueue'>

/**
 * Creates the state of a process that has not called OCI.
 * @param sharePromises see `GatewayOptions`; without them, no request can wait for its turn
 */
export function createOciState(
  { budget, circuitBreaker, rateLimitQueue }: OciStateSettings,
  { now }: Pick<Platform, 'now'>,
  sharePromises = true,
): OciState {
  // The parts read these objects at each use.
  const live = {
    budget: { ...budget },
    circuitBreaker: { ...circuitBreaker },
    rateLimitQueue: { ...DEFAULT_RATE_LIMIT_QUEUE },
  }
  // With the default policy, so that there is a queue even if a later configuration enables it.
  const queue = sharePromises ? createRateLimitQueue(live.rateLimitQueue) : undefined
  Object.assign(live.rateLimitQueue, rateLimitQueue)
  let known: { key: string; cache: RegionCache } | undefined
  return {
    quirks: createQuirkCache(now),
    signatures: createSignatureCache(),
    breaker: createCircuitBreaker(live.circuitBreaker, now),
    budget: createRetryBudget(live.budget, now),
    rateLimits: ({ maxPerClient }) => maxPerClient === 0 ? undefined : queue,
    targets(key, create) {
      if (known?.key !== key) known = { key, cache: create() }
      return known.cache
    },
    configure(next) {
      Object.assign(live.budget, next.budget)
      Object.assign(live.circuitBreaker, next.circuitBreaker)
      Object.assign(live.rateLimitQueue, next.rateLimitQueue)
    },
  }
}
