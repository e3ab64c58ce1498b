import { BoundedMap } from '../bounded-map.ts'

/** Limits the invalid keys that an address may send. */
export interface FailedAuthLimiter {
  /** Whether an address has used up its invalid keys. */
  isBlocked(address: string): boolean
  recordFailure(address: string): void
}

const MAX_ADDRESSES = 10_000
const MINUTE = 60_000

/**
 * Creates a limiter of `perMinute` invalid keys for each address, with bursts of the same size. Call
 * it only for invalid keys: a valid key is never rejected because of its address, which clients may
 * share.
 */
export function createFailedAuthLimiter(perMinute: number, now: () => number): FailedAuthLimiter {
  /** When an address has its full allowance again, in milliseconds since the epoch. */
  const resetTimes = new BoundedMap<number>({ maxEntries: MAX_ADDRESSES })
  const interval = MINUTE / perMinute
  return {
    isBlocked: (address) => (resetTimes.get(address) ?? 0) > now() + MINUTE - interval,
    recordFailure(address) {
      resetTimes.set(address, Math.max(resetTimes.get(address) ?? 0, now()) + interval)
    },
  }
}
