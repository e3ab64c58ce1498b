/** The measurements of a row; times in milliseconds. Fields that do not apply are absent. */
export interface Measures {
  /** Number of answers by status. */
  statuses?: Readonly<Record<string, number>>
  /** Time per MB at the small and at the large size. */
  perMb?: readonly [small: number, large: number]
  /** 99th percentile of the request times. */
  p99?: number
  health?: number
  /** Peak memory in MiB. */
  memory?: number
  /** File handles, compared with before the row. */
  handles?: number
  /** Measurements of many concurrent requests, where tried, and how many. */
  crowd?: CrowdMeasures
  /** Until all permits were free. */
  release?: number
  /** From SIGTERM to the end of the process. */
  end?: number
}

/** The measurements of concurrent requests. */
export interface CrowdMeasures extends Pick<Measures, 'statuses' | 'health' | 'memory'> {
  count: number
}

export interface Finding {
  problems: readonly string[]
  measures: Measures
}

/** The outcome of a row on a runtime. */
export type Outcome =
  | { type: 'passed'; measures: Measures }
  | { type: 'failed'; measures: Measures; problems: readonly string[] }
  | { type: 'untestable'; reason: string }

export function problemIf(isProblem: boolean, text: string): readonly string[] {
  return isProblem ? [text] : []
}

/** Counts values. */
export function tally(values: readonly number[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

export function brief(text: string): string {
  return text.slice(0, 300).replaceAll(/\s+/g, ' ')
}
