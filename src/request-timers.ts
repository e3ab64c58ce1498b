import { RUNTIME_TIMERS, type Timers } from './timeout.ts'

interface Pending {
  /** When it is due, on the clock of `now`. */
  at: number
  run: () => void
}

/** Milliseconds by which a timer of the runtime may fire early. */
const TOLERANCE = 1

/**
 * The timers of one request. They share one timer of the runtime, which is set for the earliest of
 * them and stays set when that is cancelled: each wait of a request has a timeout, nearly all are
 * cancelled, and setting one takes 1 us on workerd and Deno (bench/PROFILES.md).
 */
export class RequestTimers implements Timers {
  readonly #timers: Timers
  readonly #now: () => number
  #pending: Pending[] = []
  #firesAt = Infinity
  #cancelTimer: (() => void) | undefined
  #isClosed = false

  /** @param now a clock in milliseconds that is never set back */
  constructor(timers: Timers = RUNTIME_TIMERS, now = () => performance.now()) {
    this.#timers = timers
    this.#now = now
  }

  after(ms: number, run: () => void): () => void {
    if (this.#isClosed) return this.#timers.after(ms, run)
    const pending = { at: this.#now() + ms, run }
    this.#pending.push(pending)
    if (pending.at < this.#firesAt) this.#setTimer(pending.at, ms)
    return () => this.#remove(pending)
  }

  /** Cancels all timers. Those of work that continues after the request are the runtime's. */
  close(): void {
    this.#isClosed = true
    this.#pending = []
    this.#cancelTimer?.()
  }

  #setTimer(at: number, ms: number): void {
    this.#cancelTimer?.()
    this.#firesAt = at
    this.#cancelTimer = this.#timers.after(ms, () => this.#fire())
  }

  #fire(): void {
    this.#firesAt = Infinity
    this.#cancelTimer = undefined
    const now = this.#now()
    const isDue = ({ at }: Pending) => at - now <= TOLERANCE
    for (const pending of this.#pending.filter(isDue)) {
      // One that ran before may have cancelled it, or ended the request.
      if (!this.#pending.includes(pending)) continue
      this.#remove(pending)
      pending.run()
    }
    const next = Math.min(...this.#pending.map(({ at }) => at))
    if (next < this.#firesAt) this.#setTimer(next, next - now)
  }

  #remove(pending: Pending): void {
    this.#pending = this.#pending.filter((other) => other !== pending)
  }
}
