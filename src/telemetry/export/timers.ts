/** Calls functions later. Tests pass their own. */
export interface Timers {
  /** Calls `callback` after that many milliseconds. It does not keep the process running. */
  after(milliseconds: number, callback: () => void): void
}

/** The timers of the runtime. */
export const RUNTIME_TIMERS: Timers = {
  after(milliseconds, callback) {
    const timer: unknown = setTimeout(callback, milliseconds)
    // Node and Bun return an object, other runtimes a number.
    if (isTimer(timer)) timer.unref()
  },
}

function isTimer(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer
}
