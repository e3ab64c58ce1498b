/** Measures the time without activity. */
export interface IdleTimer {
  /** Starts the idle time again. */
  restart(): void
  /** Stops measuring until the next `restart()`. */
  pause(): void
  stop(): void
}

const NEVER: IdleTimer = { restart() {}, pause() {}, stop() {} }

/** Polls per idle time, so that it is noticed at most a tenth too late. */
const POLLS = 10

/**
 * Creates a timer that calls `onIdle` after each `ms` milliseconds without a `restart()`, or up to a
 * tenth later; 0 disables it. `restart()` only sets a mark for a polling timer: reading the clock or
 * setting a timer for each event is expensive in streams of many events (measured).
 */
export function createIdleTimer(ms: number, onIdle: () => void): IdleTimer {
  return ms > 0 ? new PollingTimer(ms, onIdle) : NEVER
}

class PollingTimer implements IdleTimer {
  readonly #ms: number
  readonly #onIdle: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #since = 0
  #isWaiting = false
  #isMarked = false

  constructor(ms: number, onIdle: () => void) {
    this.#ms = ms
    this.#onIdle = onIdle
  }

  restart(): void {
    this.#isWaiting = true
    this.#isMarked = true
    if (this.#timer === undefined) this.#poll()
  }

  pause(): void {
    this.#isWaiting = false
  }

  stop(): void {
    this.#isWaiting = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  readonly #poll = (): void => {
    this.#timer = undefined
    if (!this.#isWaiting) return
    const now = performance.now()
    if (this.#isMarked) this.#since = now
    this.#isMarked = false
    const left = this.#since + this.#ms - now
    // Timers fire up to a millisecond early.
    const isIdle = left <= 1
    if (isIdle) this.#since = now
    this.#timer = setTimeout(this.#poll, Math.min(isIdle ? this.#ms : left, this.#ms / POLLS))
    if (isIdle) this.#onIdle()
  }
}
