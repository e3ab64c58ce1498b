import type { AbortState } from '../../abort.ts'
import { toApiError } from '../../errors.ts'
import { nextStep, type RetryPolicy } from './retry-policy.ts'
import { sleep } from '../async/sleep.ts'

/** Runs `attempt` until it succeeds, fails permanently, or the policy allows no more retries. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortState,
): Promise<T> {
  const startedAt = performance.now()
  for (let attempts = 1;; attempts++) {
    try {
      return await attempt()
    } catch (thrown) {
      const elapsed = performance.now() - startedAt
      const state = { attempts, elapsed, hasAlternative: false, random: Math.random() }
      const decision = nextStep(toApiError(thrown), state, policy)
      if (decision.type !== 'retry' || signal.aborted) throw thrown
      await sleep(decision.delay, signal)
    }
  }
}
