import { toApiError } from '../../errors.ts'
import { decide, type RetryPolicy } from './retry-policy.ts'
import { sleep } from '../async/sleep.ts'

/** Runs `attempt` until it succeeds, fails for good, or the policy is used up. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<T> {
  const began = performance.now()
  for (let attempts = 1;; attempts++) {
    try {
      return await attempt()
    } catch (thrown) {
      const elapsed = performance.now() - began
      const situation = { attempts, elapsed, others: false, random: Math.random() }
      const decision = decide(toApiError(thrown), situation, policy)
      if (decision.type !== 'again' || signal.aborted) throw thrown
      await sleep(decision.delay, signal)
    }
  }
}
