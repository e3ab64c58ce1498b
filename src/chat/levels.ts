import type { ChatRequest, ReasoningEffort } from './model.ts'

/** The levels that client APIs have for reasoning effort. OCI has no level above `high`. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

type Effort = (typeof EFFORTS)[number]

/** Returns the level nearest to the client's that OCI has. */
export function nearestEffort(effort: Effort): ReasoningEffort {
  return effort === 'xhigh' || effort === 'max' ? 'high' : effort
}

/** Levels that clients send as verbosity; OpenAI and OCI have the middle three. */
export const VERBOSITIES = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

/** Returns the level nearest to the client's that OCI has. */
export function nearestVerbosity(
  verbosity: (typeof VERBOSITIES)[number],
): NonNullable<ChatRequest['verbosity']> {
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
