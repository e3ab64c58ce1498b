import type { Bounds, Count } from './row.ts'

/** Which form of the suite runs: all of it, or what `npm test` has time for. */
export type Form = 'full' | 'short'

/**
 * Bounds of a form. The short one runs on busy machines: its bounds are of processor time where that
 * is known, and so wide that only what blocks or grows faster than its input exceeds them.
 */
export const BOUNDS: Readonly<Record<Form, Bounds>> = {
  full: {
    growth: 3,
    negligible: 250,
    health: 250,
    crowdHealth: 250,
    memory: 1_024,
    handles: 32,
    release: 1_000,
    end: 2_000,
  },
  short: {
    growth: 8,
    negligible: 4_000,
    health: 3_000,
    crowdHealth: 3_000,
    memory: 1_024,
    handles: 64,
    release: 20_000,
    end: 20_000,
  },
}

/** Bytes of the requests and answers of a size. */
export const SIZES: Readonly<Record<Form, readonly [small: number, large: number]>> = {
  full: [2 ** 20, 8 * 2 ** 20],
  short: [2 ** 16, 2 ** 18],
}

/** Milliseconds for one request: far more than a linear step needs. */
export const PATIENCE: Readonly<Record<Form, number>> = { full: 20_000, short: 40_000 }

export function countOf(count: Count, form: Form): number {
  return count[form]
}
