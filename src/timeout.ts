/** Calls functions later. Tests pass their own. */
export interface Timers {
  /** Calls `run` once after `ms` milliseconds. Returns a function that cancels it. */
  after(ms: number, run: () => void): () => void
}

/** The timers of the runtime. */
export const RUNTIME_TIMERS: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves with the promise's value, or with `undefined` after `ms`. Ignores a later rejection. */
export function withTimeout<T>(
  ms: number,
  promise: Promise<T>,
  timers = RUNTIME_TIMERS,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => resolve(undefined))
    promise.then(
      (value) => {
        cancel()
        resolve(value)
      },
      (error: unknown) => {
        cancel()
        reject(error)
      },
    )
  })
}

/** Lets the process end although a timer is set, on runtimes whose timers keep it running. */
export function unrefTimer(timer: unknown): void {
  // Node and Bun return an object, other runtimes a number.
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
    ;(timer as { unref(): void }).unref()
  }
}
