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
  return raceTimer<T | undefined>(ms, promise, timers, (resolve) => resolve(undefined))
}

/**
 * Resolves with the promise's value, or rejects after `ms` with the error that `onTimeout` creates, and
 * ignores what becomes of the promise. 0 is no limit.
 */
export function inTime<T>(
  ms: number,
  promise: Promise<T>,
  onTimeout: () => Error,
  timers = RUNTIME_TIMERS,
): Promise<T> {
  if (ms === 0) return promise
  return raceTimer<T>(ms, promise, timers, (_, reject) => reject(onTimeout()))
}

function raceTimer<T>(
  ms: number,
  promise: Promise<T>,
  timers: Timers,
  expire: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => expire(resolve, reject))
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
