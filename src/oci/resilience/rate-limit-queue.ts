import { type Scheduler, SYSTEM_SCHEDULER } from '../async/scheduler.ts'
import type { Place, QueuedCall, RateLimitQueuePolicy, RateLimitState } from './place.ts'
import { TargetQueue } from './target-queue.ts'

export type { RateLimitQueuePolicy } from './place.ts'

/** Lets clients take turns while OCI answers 429, for each model in each region. */
export interface RateLimitQueue {
  /**
   * Takes a place for a call, at once or after a wait. Throws or rejects with a 429 if the call may
   * not wait, its client's queue is full, or its time is over.
   */
  acquire(call: QueuedCall): Place | Promise<Place>
  /** The models that are called now or have a limit. */
  list(): RateLimitState[]
}

export const DEFAULT_RATE_LIMIT_QUEUE: RateLimitQueuePolicy = { maxPerClient: 256, maxWait: 20_000 }

const MAX_TARGETS = 1_000

/**
 * Creates a queue without limits, whose policy may change. Returns `undefined` if the policy disables
 * it.
 */
export function createRateLimitQueue(
  policy: Readonly<RateLimitQueuePolicy>,
  scheduler: Scheduler = SYSTEM_SCHEDULER,
): RateLimitQueue | undefined {
  if (policy.maxPerClient === 0) return undefined
  const targets = new Map<string, TargetQueue>()
  // Models that clients invent have no limit, so they are idle as soon as OCI has rejected them.
  const dropIdle = () => {
    for (const [key, target] of targets) if (target.isIdle()) targets.delete(key)
  }
  return {
    acquire(call) {
      const key = `${call.region} ${call.model}`
      const known = targets.get(key)
      if (known) return known.acquire(call)
      if (targets.size >= MAX_TARGETS) dropIdle()
      if (targets.size >= MAX_TARGETS) return { waited: call.waited, release: () => {} }
      const target = new TargetQueue(call, policy, scheduler)
      targets.set(key, target)
      return target.acquire(call)
    },
    list() {
      dropIdle()
      return [...targets.values()].map((target) => target.state())
    },
  }
}
