import type { CallCounter } from './call-counter.ts'
import type { WorstUse } from './limits.ts'
import type { MeasuredUse } from './measure.ts'

/** The use that is reserved, of which calls take their part. */
export interface Held {
  use: MeasuredUse
  /** Output tokens of each answer. */
  output: number
  /** Whether the output is limited to what was learned of the model. */
  isLearnedLimit: boolean
  /** Calls that are reserved. */
  capacity: number
  /** All that is reserved, with earlier plans and the output. */
  worst: WorstUse
  calls: CallCounter[]
}

/** Whether a reservation has calls left for another plan that is not larger. */
export function covers({ use, output, capacity, calls }: Held, planned: MeasuredUse): boolean {
  const begun = calls.filter(({ isRefused }) => !isRefused).length
  return planned.model === use.model && begun + planned.calls <= capacity &&
    planned.promptTokens.bound <= use.promptTokens.bound &&
    planned.answers / planned.calls <= use.answers / use.calls &&
    (planned.output?.tokens ?? 0) <= Math.max(output, use.output?.tokens ?? 0)
}
