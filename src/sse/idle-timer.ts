export interface IdleTimer {
  /** Something happened, or is now being waited for: the silence begins anew. */
  restart(): void
  /** Nothing is expected until the next `restart()`. */
  pause(): void
  stop(): void
}

const NEVER: IdleTimer = { restart() {}, pause() {}, stop() {} }

/** How often a stream is looked at within one silence, which is so noticed a tenth too late at most. */
const LOOKS = 10

/**
 * Calls `onSilence` after every `ms` milliseconds without a `restart()`, or up to a tenth later; 0 is
 * never. Restarting only leaves a mark for one timer that looks from time to time: to read the clock
 * for each event, let alone to set a timer, is dear where events come one by one (measured).
 */
export function createIdleTimer(ms: number, onSilence: () => void): IdleTimer {
  return ms > 0 ? new MarkTimer(ms, onSilence) : NEVER
}

class MarkTimer implements IdleTimer {
  readonly #ms: number
  readonly #onSilence: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #since = 0
  #isWaiting = false
  #isMarked = false

  constructor(ms: number, onSilence: () => void) {
    this.#ms = ms
    this.#onSilence = onSilence
  }

  restart(): void {
    this.#isWaiting = true
    this.#isMarked = true
    if (this.#timer === undefined) this.#look()
  }

  pause(): void {
    this.#isWaiting = false
  }

  stop(): void {
    this.#isWaiting = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  readonly #look = (): void => {
    this.#timer = undefined
    if (!this.#isWaiting) return
    const now = performance.now()
    if (this.#isMarked) this.#since = now
    this.#isMarked = false
    const left = this.#since + this.#ms - now
    // Timers ring up to a millisecond early.
    const isSilent = left <= 1
    if (isSilent) this.#since = now
    this.#timer = setTimeout(this.#look, Math.min(isSilent ? this.#ms : left, this.#ms / LOOKS))
    if (isSilent) this.#onSilence()
  }
}
