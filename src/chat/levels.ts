/** All reasoning efforts, from least to most. Which of them a model accepts is up to its profile. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

export type ReasoningEffort = (typeof EFFORTS)[number]

/** Levels that clients send as verbosity; OpenAI and OCI have the middle three. */
export const VERBOSITIES = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

/** Returns the level nearest to the client's that OCI has. */
export function nearestVerbosity(
  verbosity: (typeof VERBOSITIES)[number],
): 'low' | 'medium' | 'high' {
  return verbosity === 'minimal'
    ? 'low'
    : verbosity === 'medium' || verbosity === 'low'
    ? verbosity
    : 'high'
}

/** Returns a warning if a level is replaced by its nearest one. */
export function warnOfLevel(
  field: string,
  level: string | null | undefined,
  nearest: string | undefined,
): readonly string[] {
  return typeof level !== 'string' || level === nearest ? [] : [`${field}: sent as ${nearest}`]
}
