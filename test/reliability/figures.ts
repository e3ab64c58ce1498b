import type { Runtime } from '../runtimes/start.ts'

/** A value that was counted or measured on a runtime, and its limits. */
export interface Figure {
  /** The number of the goal in docs/reliability.md. */
  goal: number
  /** A description, the same on each runtime. */
  what: string
  /** NaN if it could not be measured. */
  value: number
  unit: Unit
  /** The goal's limits; a figure without limits is only reported. */
  max?: number
  min?: number
}

export type Unit = '' | 'ms' | 's' | 'MiB' | '%' | '×'

/** The figures of one runtime. */
export interface Measured {
  runtime: Runtime
  figures: readonly Figure[]
}

/** Measures a gateway that it starts and stops; `size` scales the load, 1 is that of the goal. */
export type Measurement = (runtime: Runtime, size: number) => Promise<readonly Figure[]>

export type Verdict = 'met' | 'missed' | 'reported'

/** Compares a figure with its limits. */
export function judge({ value, max, min }: Figure): Verdict {
  if (max === undefined && min === undefined) return 'reported'
  const isMet = (max === undefined || value <= max) && (min === undefined || value >= min)
  return isMet ? 'met' : 'missed'
}

/** Returns the quantile `share` (0 to 1) of the values; 0 without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
