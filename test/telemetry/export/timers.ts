import type { Timers } from '../../../src/telemetry/export/timers.ts'

/** Timers of a clock that a test moves. */
export interface TestTimers extends Timers {
  /** Moves the clock, and calls what is due in order. */
  advance(milliseconds: number): Promise<void>
  now(): number
  /** Callbacks that are not due yet. */
  readonly waiting: number
}

/** Creates a clock at 1,000 milliseconds. */
export function createTimers(): TestTimers {
  let now = 1_000
  let due: { at: number; callback: () => void }[] = []
  return {
    now: () => now,
    get waiting() {
      return due.length
    },
    after(milliseconds, callback) {
      due.push({ at: now + milliseconds, callback })
    },
    async advance(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        due = due.filter((timer) => timer !== next)
        now = next.at
        next.callback()
        await settle()
      }
      now = end
    },
  }
}

/** Resolves when promises that need no timer have settled. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}
