import { BoundedMap } from '../bounded-map.ts'

/** Limits the invalid keys that an address may send. */
export interface FailedAuthLimiter {
  /** Whether an address has used up its invalid keys. */
  isBlocked(address: string): boolean
  recordFailure(address: string): void
}

const MAX_ADDRESSES = 10_000
const MINUTE = 60_000

/** Invalid keys that one address may send in a minute. It may change. */
export interface FailedAuthLimits {
  failedAuthPerMinute: number
}

/**
 * Creates a limiter of invalid keys for each address, with bursts of the number that a minute allows.
 * Call it only for invalid keys: a valid key is never rejected because of its address, which clients
 * may share.
 */
export function createFailedAuthLimiter(
  limits: Readonly<FailedAuthLimits>,
  now: () => number,
): FailedAuthLimiter {
  /** When an address has its full allowance again, in milliseconds since the epoch. */
  const resetTimes = new BoundedMap<number>({ maxEntries: MAX_ADDRESSES })
  const interval = () => MINUTE / limits.failedAuthPerMinute
  return {
    isBlocked: (address) => (resetTimes.get(address) ?? 0) > now() + MINUTE - interval(),
    recordFailure(address) {
      resetTimes.set(address, Math.max(resetTimes.get(address) ?? 0, now()) + interval())
    },
  }
}
