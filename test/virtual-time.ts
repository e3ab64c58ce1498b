import { setImmediate } from 'node:timers/promises'
import type { Scheduler } from '../src/oci/async/scheduler.ts'

interface Timer {
  at: number
  run: () => void
}

/** A clock that jumps from timer to timer, for simulations of many minutes. */
export class VirtualTime implements Scheduler {
  #now = 0
  /** In the order in which they fire. */
  readonly #timers: Timer[] = []

  now(): number {
    return this.#now
  }

  /** Number of timers that have not fired. */
  get pending(): number {
    return this.#timers.length
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, milliseconds), run }
    this.#timers.splice(this.#timers.findLastIndex(({ at }) => at <= timer.at) + 1, 0, timer)
    return () => {
      const index = this.#timers.indexOf(timer)
      if (index >= 0) this.#timers.splice(index, 1)
    }
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve))
  }

  /** Fires the timers of the next `milliseconds` in order; promises settle after each. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    await setImmediate()
    for (let [next] = this.#timers; next && next.at <= end; [next] = this.#timers) {
      this.#timers.shift()
      this.#now = next.at
      next.run()
      await setImmediate()
    }
    this.#now = end
  }
}
