/** A clock further off than this is not believed: the answer that says so may be forged or broken. */
const FURTHEST = 7 * 24 * 60 * 60 * 1000

/** Our clock as OCI sees it: OCI refuses signatures more than five minutes from its own time. */
export interface OciClock {
  /** Milliseconds since the epoch, set right. */
  now(): number
  /** Learns the difference from the text of a 401; `true` when there was something to learn. */
  learn(message: string): boolean
}

/** The offset is learnt only from the answer that names it, never from another one. */
export function createClock(localNow: () => number): OciClock {
  let offset = 0
  return {
    now: () => localNow() + offset,
    learn(message) {
      const theirs = readCurrentTime(message)
      if (theirs === undefined) return false
      const learnt = theirs - localNow()
      if (Math.abs(learnt) > FURTHEST) return false
      offset = learnt
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
