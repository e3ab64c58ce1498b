/** What the thread that watches gateways is asked to do. */
export type ProbeOrder =
  | { type: 'start'; id: number; port: number; group: number; seen: Float64Array }
  | { type: 'end'; id: number }

/** Where the thread writes what it sees; times are milliseconds. */
export const SLOTS = {
  /** The longest wait for `/health`. */
  health: 0,
  /** When the wait that goes on began; 0 while there is none. */
  pendingSince: 1,
  /** MiB at the peak. */
  memory: 2,
  /** As `health`, but of each wait at most the processor time that the gateway used meanwhile. */
  busy: 3,
} as const

/** Milliseconds on a clock that all threads share. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}

/**
 * Milliseconds of a wait in which the gateway used the processor, so that other programs on the
 * machine do not count. Without the kernel's figures all of it counts.
 * @param used microseconds of processor time; 0 when it is unknown
 */
export function busyPart(wait: number, used: number): number {
  return used === 0 ? wait : Math.min(wait, used / 1_000)
}
