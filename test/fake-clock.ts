/** A clock that only a test advances. */
export interface FakeClock {
  /** Milliseconds since the clock was created. */
  readonly now: number
  /**
   * Fires the timers of the next `ms` milliseconds in order. After each, the event loop runs a few
   * iterations, in which streams and promises settle.
   */
  advance(ms: number): Promise<void>
}

interface Timer {
  at: number
  fire: () => void
}

/** Iterations of the event loop in which a chain of promises and streams settles. */
const ITERATIONS = 5

/**
 * Runs a test with a fake clock in place of `setTimeout`, `AbortSignal.timeout` and
 * `performance.now`, and restores them.
 */
export async function withFakeClock(run: (clock: FakeClock) => Promise<void>): Promise<void> {
  const { setTimeout, clearTimeout } = globalThis
  const abortAfter = AbortSignal.timeout
  // Bun has it on the object itself, the other runtimes on its prototype.
  const ownNow = Object.getOwnPropertyDescriptor(performance, 'now')
  const timers = new Map<number, Timer>()
  let [now, ids] = [0, 0]
  const set = (fire: (value?: unknown) => void, ms = 0, value?: unknown) => {
    timers.set(++ids, { at: now + Math.max(0, ms), fire: () => fire(value) })
    return ids
  }
  const settle = async () => {
    for (let count = 0; count < ITERATIONS; count++) {
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  }
  async function advance(ms: number): Promise<void> {
    const end = now + ms
    await settle()
    for (let next = earliest(timers, end); next; next = earliest(timers, end)) {
      const [id, timer] = next
      timers.delete(id)
      now = timer.at
      timer.fire()
      await settle()
    }
    now = end
  }
  Object.assign(globalThis, { setTimeout: set, clearTimeout: (id: number) => timers.delete(id) })
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController()
    set(() => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')), ms)
    return controller.signal
  }
  Object.defineProperty(performance, 'now', { configurable: true, value: () => now })
  try {
    await run({
      get now() {
        return now
      },
      advance,
    })
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout })
    AbortSignal.timeout = abortAfter
    Reflect.deleteProperty(performance, 'now')
    if (ownNow) Object.defineProperty(performance, 'now', ownNow)
  }
}

function earliest(timers: ReadonlyMap<number, Timer>, end: number): [number, Timer] | undefined {
  const due = [...timers].filter(([, { at }]) => at <= end)
  return due.sort(([one, { at }], [other, { at: later }]) => at - later || one - other)[0]
}
