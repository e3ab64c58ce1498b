import type { Runtime } from '../runtimes/start.ts'

/** One thing that was counted or measured on a runtime, and what it should be. */
export interface Figure {
  /** The number of the goal in docs/reliability.md. */
  goal: number
  /** The same words on each runtime. */
  what: string
  /** Not a number where it could not be had. */
  value: number
  unit: Unit
  /** What it should be at most, and at least; a figure with neither is only told. */
  most?: number
  least?: number
}

export type Unit = '' | 'ms' | 's' | 'MiB' | '%' | '×'

/** The figures of one runtime. */
export interface Measured {
  runtime: Runtime
  figures: readonly Figure[]
}

/** Measures one gateway that it starts and stops; `size` scales what is done, 1 is the goal's own. */
export type Measurement = (runtime: Runtime, size: number) => Promise<readonly Figure[]>

export type Verdict = 'met' | 'missed' | 'told'

/** Whether a figure is what it should be. */
export function judge({ value, most, least }: Figure): Verdict {
  if (most === undefined && least === undefined) return 'told'
  const isMet = (most === undefined || value <= most) && (least === undefined || value >= least)
  return isMet ? 'met' : 'missed'
}

/** The value below which the part `share` of the values lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
