/** A request at work. */
export interface Guest {
  /** Ends its work; there when its work goes on somewhere else. */
  abort?: AbortController
}

/** Counts the requests at work. */
export interface Turnstile {
  /** Lets one more in, unless there are too many, or it is closed. */
  enter(): Guest | undefined
  leave(guest: Guest): void
  readonly isClosed: boolean
  /**
   * Lets nobody in any more. Resolves when all have left; those who have not after `patience`
   * milliseconds are ended with `reason`, and waited for no longer than a moment.
   */
  close(patience: number, reason: unknown): Promise<void>
}

/** For the last words of those who were ended, in milliseconds. */
const MOMENT = 1_000

/**
 * Makes one that lets in `most` at once. Without a limit nobody is counted: on Workers a request may
 * end without a word, and would be counted for ever.
 */
export function createTurnstile(most: number): Turnstile {
  const guests = new Set<Guest>()
  let isClosed = false
  let tellEmpty: (() => void) | undefined
  return {
    get isClosed() {
      return isClosed
    },
    enter() {
      if (isClosed || guests.size >= most) return undefined
      const guest: Guest = {}
      if (most === Infinity) return guest
      guests.add(guest)
      return guest
    },
    leave(guest) {
      guests.delete(guest)
      if (guests.size === 0) tellEmpty?.()
    },
    async close(patience, reason) {
      isClosed = true
      const empty = new Promise<void>((resolve) => tellEmpty = resolve)
      if (guests.size === 0) return
      if (await within(patience, empty)) return
      for (const { abort } of guests) abort?.abort(reason)
      await within(MOMENT, empty)
    },
  }
}

/** Whether `promise` was kept within `ms` milliseconds. */
async function within(ms: number, promise: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), ms)
  try {
    return await Promise.race([promise.then(() => true), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
