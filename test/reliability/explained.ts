import type { Runtime } from '../runtimes/start.ts'
import type { Figure } from './figures.ts'

/** The reason why a missed goal is accepted. */
export interface Explanation {
  what: string
  /** Absent: every runtime. */
  runtime?: Runtime
  reason: string
}

/** All accepted misses. */
export const EXPLANATIONS: readonly Explanation[] = [
  {
    runtime: 'bun',
    what: 'growth meanwhile',
    reason:
      'Bun itself buffers megabytes for a client that does not read: a plain pipe without a ' +
      'gateway (`bench/pipe.ts`) grows by 139 MiB for 50 of them. The growth is bounded',
  },
]

/** Returns the reason why a missed goal is accepted, if there is one. */
export function explanationOf(runtime: Runtime, { what }: Figure): string | undefined {
  return EXPLANATIONS.find((one) =>
    one.what === what && (one.runtime === undefined || one.runtime === runtime)
  )?.reason
}
