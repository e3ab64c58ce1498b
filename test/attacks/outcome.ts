/** What was measured of a row; times are milliseconds. What does not apply is absent. */
export interface Measures {
  /** How often each status came. */
  statuses?: Readonly<Record<string, number>>
  /** Time per MB at the small size and at the large one. */
  perMb?: readonly [small: number, large: number]
  /** Time of requests, p99. */
  p99?: number
  health?: number
  /** MiB at the peak. */
  memory?: number
  /** File handles more than before. */
  handles?: number
  /** The same of 32 requests at once, where that was tried. */
  crowd?: Pick<Measures, 'statuses' | 'health' | 'memory'>
  /** Until all places were free. */
  release?: number
  /** From SIGTERM to the end. */
  end?: number
}

export interface Finding {
  problems: readonly string[]
  measures: Measures
}

/** What became of a row on a runtime. */
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
