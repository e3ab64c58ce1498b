import type { Environment, Files, Platform, TrustingFetch } from '../../platform.ts'
import type { OciClock } from '../http/clock.ts'
import type { RetryPolicy } from '../resilience/retry-policy.ts'

/** What a credential needs of the world to get its tokens and to renew them. */
export interface AuthDependencies {
  environment: Environment
  /** Absent where there are none. */
  files: Files | undefined
  platform: Pick<Platform, 'fetch' | 'log'>
  clock: OciClock
  /** Absent where no certificate authority can be chosen, as on Workers. */
  trustingFetch: TrustingFetch | undefined
  /** Whether a request may wait for what another one began. On Workers it would wait for ever. */
  sharePromises: boolean
  /** How calls for tokens are repeated. */
  retry: RetryPolicy
}

/** Fewer attempts than Oracle's SDKs make: somebody waits for the answer. */
export const TOKEN_RETRY: RetryPolicy = {
  attempts: 3,
  base: 500,
  cap: 2_000,
  patience: 5_000,
  deadline: 60_000,
}
