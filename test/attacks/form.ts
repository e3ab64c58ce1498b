import type { Bounds, Count } from './row.ts'

/** The form of the suite: the full one, or the short one of `npm test`. */
export type Form = 'full' | 'short'

/**
 * The bounds of a form. The short form runs on busy machines: it bounds processor time where that is
 * known, so widely that only blocking or super-linear work exceeds the bounds.
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

/** Bytes of the requests and answers: the small and the large size. */
export const SIZES: Readonly<Record<Form, readonly [small: number, large: number]>> = {
  full: [2 ** 20, 8 * 2 ** 20],
  short: [2 ** 16, 2 ** 18],
}

/** Milliseconds for one request: far more than linear work needs. */
export const TIMEOUT: Readonly<Record<Form, number>> = { full: 20_000, short: 40_000 }

export function countOf(count: Count, form: Form): number {
  return count[form]
}
