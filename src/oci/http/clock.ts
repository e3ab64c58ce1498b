/** Largest accepted difference, in milliseconds: a larger one may be forged or an error. */
const MAX_OFFSET = 7 * 24 * 60 * 60 * 1000

/** The clock for signatures. OCI rejects signatures that differ from its time by five minutes. */
export interface OciClock {
  /** Milliseconds since the epoch, corrected. */
  now(): number
  /** Corrects the clock from the text of a 401. Returns whether the text contained OCI's time. */
  learn(message: string): boolean
}

/** Creates a clock without an offset. Only a 401 that names OCI's time changes it. */
export function createClock(localNow: () => number): OciClock {
  let offset = 0
  return {
    now: () => localNow() + offset,
    learn(message) {
      const current = readCurrentTime(message)
      if (current === undefined) return false
      const difference = current - localNow()
      if (Math.abs(difference) > MAX_OFFSET) return false
      offset = difference
      return true
    },
  }
}

/** `Date '…' is not within allowed clock skew. Current 'Sat, 07 Jun 2025 02:19:45 UTC', …` */
function readCurrentTime(message: string): number | undefined {
  if (!/not within allowed clock skew/i.test(message)) return undefined
  const current = /Current '([^']+)'/.exec(message)?.[1]
  const time = current === undefined ? NaN : Date.parse(current)
  return Number.isNaN(time) ? undefined : time
}
