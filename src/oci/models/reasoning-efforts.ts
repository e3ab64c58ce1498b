import { EFFORTS, type ReasoningEffort } from '../../chat/levels.ts'

/** The efforts of OCI's native formats, and those of a model about which nothing is known. */
export const COMMON_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high'] as const

/**
 * Returns the allowed effort nearest to the client's; of two, the lower. Reasoning is only turned
 * off if the client asks for that.
 */
export function nearestEffort<Allowed extends ReasoningEffort>(
  effort: ReasoningEffort,
  allowed: readonly Allowed[],
): Allowed | undefined {
  const wanted = EFFORTS.indexOf(effort)
  const distanceOf = (level: Allowed): number => {
    if (level === 'none' && effort !== 'none') return Infinity
    return Math.abs(EFFORTS.indexOf(level) - wanted)
  }
  return allowed.toSorted((one, other) =>
    distanceOf(one) - distanceOf(other) || EFFORTS.indexOf(one) - EFFORTS.indexOf(other)
  )[0]
}
