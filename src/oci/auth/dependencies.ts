import type { Environment, FetchWithCa, Files, Platform } from '../../platform.ts'
import type { OciClock } from '../http/clock.ts'
import type { RetryPolicy } from '../resilience/retry-policy.ts'

/** Everything outside of this folder that credentials use to get and renew tokens. */
export interface AuthDependencies {
  environment: Environment
  /** Absent on runtimes without a file system. */
  files: Files | undefined
  platform: Pick<Platform, 'fetch' | 'log'>
  clock: OciClock
  /** Absent on runtimes that cannot choose a certificate authority, such as Workers. */
  fetchWithCa: FetchWithCa | undefined
  /** Whether a request may await a promise of another request. On Workers it would hang. */
  sharePromises: boolean
  /** Retry policy for token calls. */
  retry: RetryPolicy
  /** Whether a Generative AI API key is also sent to OCI's native actions. Default: `false`. */
  nativeBearer?: boolean | undefined
}

/** Fewer attempts than in Oracle's SDKs, because a client waits for the response. */
export const TOKEN_RETRY: RetryPolicy = {
  maxAttempts: 3,
  initialDelay: 500,
  maxDelay: 2_000,
  maxRetryAfter: 5_000,
  deadline: 60_000,
}
