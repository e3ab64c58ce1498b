/** A clock and its timers, in milliseconds. */
export interface Scheduler {
  now(): number
  /** Calls `run` once after a delay. Returns a function that cancels it. */
  after(milliseconds: number, run: () => void): () => void
}

/** The clock of the runtime, which is never set back. */
export const SYSTEM_SCHEDULER: Scheduler = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
