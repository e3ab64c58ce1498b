import { unrefTimer } from '../../timeout.ts'

/** Calls functions later. Tests pass their own. */
export interface Timers {
  /** Calls `callback` after that many milliseconds. It does not keep the process running. */
  after(milliseconds: number, callback: () => void): void
}

/** The timers of the runtime. */
export const RUNTIME_TIMERS: Timers = {
  after: (milliseconds, callback) => unrefTimer(setTimeout(callback, milliseconds)),
}
