export interface SilenceTimer {
  /** Something happened, or is now being waited for: the silence begins anew. */
  restart(): void
  /** Nothing is expected until the next `restart()`. */
  pause(): void
  stop(): void
}

const NEVER: SilenceTimer = { restart() {}, pause() {}, stop() {} }

/**
 * Calls `onSilence` after every `ms` milliseconds without a `restart()`; 0 is never. Restarting
 * only notes the time: one timer serves a whole stream, where one per event would cost more than
 * the event does.
 */
export function createSilenceTimer(ms: number, onSilence: () => void): SilenceTimer {
  if (ms <= 0) return NEVER
  let timer: ReturnType<typeof setTimeout> | undefined
  let since: number | undefined
  const arm = (delay: number) => {
    timer = setTimeout(ring, delay)
  }
  const ring = () => {
    timer = undefined
    if (since === undefined) return
    const left = since + ms - performance.now()
    // Timers ring up to a millisecond early.
    if (left > 1) return arm(left)
    since = performance.now()
    arm(ms)
    onSilence()
  }
  return {
    restart() {
      since = performance.now()
      if (timer === undefined) arm(ms)
    },
    pause() {
      since = undefined
    },
    stop() {
      since = undefined
      clearTimeout(timer)
      timer = undefined
    },
  }
}
