import type { Runtime } from '../runtimes/start.ts'
import type { Figure } from './figures.ts'

/** A goal that is missed, and why that is accepted. */
export interface Explanation {
  what: string
  /** On every runtime when absent. */
  runtime?: Runtime
  reason: string
}

export const EXPLANATIONS: readonly Explanation[] = [
  {
    runtime: 'bun',
    what: 'growth beside them',
    reason:
      'Bun itself keeps megabytes for a client that does not read: a pipe without a gateway ' +
      'that reads and writes by hand (`bench/pipe.ts`) grows by 139 MiB for 50 of them. It is bounded',
  },
]

/** Why a missed goal is accepted; absent when it is not. */
export function explanationOf(runtime: Runtime, { what }: Figure): string | undefined {
  return EXPLANATIONS.find((one) =>
    one.what === what && (one.runtime === undefined || one.runtime === runtime)
  )?.reason
}
