import { BoundedMap } from '../bounded-map.ts'

/** Limits how many invalid keys an address may send. */
export interface FailedAuthLimiter {
  /** Whether an address has sent too many invalid keys within the last minute. */
  isBlocked(address: string): boolean
  recordFailure(address: string): void
}

const MAX_ADDRESSES = 10_000
const MINUTE = 60_000

/**
 * Creates a limiter of `perMinute` invalid keys a minute for each address, all of which may come at
 * once. It is asked only after a key was found invalid: a valid key is never refused because of the
 * address it comes from, which others may share.
 */
export function createFailedAuthLimiter(perMinute: number, now: () => number): FailedAuthLimiter {
  /** When an address will have its full allowance again, in milliseconds since the epoch. */
  const restored = new BoundedMap<number>({ maxEntries: MAX_ADDRESSES })
  const interval = MINUTE / perMinute
  return {
    isBlocked: (address) => (restored.get(address) ?? 0) > now() + MINUTE - interval,
    recordFailure(address) {
      restored.set(address, Math.max(restored.get(address) ?? 0, now()) + interval)
    },
  }
}
