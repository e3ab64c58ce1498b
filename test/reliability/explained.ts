import type { Runtime } from '../runtimes/start.ts'
import type { Figure } from './figures.ts'

/** A goal that is missed, and why that is accepted. */
export interface Explanation {
  what: string
  /** On every runtime when absent. */
  runtime?: Runtime
  reason: string
}

export const EXPLANATIONS: readonly Explanation[] = []

/** Why a missed goal is accepted; absent when it is not. */
export function explanationOf(runtime: Runtime, { what }: Figure): string | undefined {
  return EXPLANATIONS.find((one) =>
    one.what === what && (one.runtime === undefined || one.runtime === runtime)
  )?.reason
}
