import * as v from 'valibot'

/** A duration in seconds. A timer of more than 24 days would fire at once on every runtime. */
export const Seconds = v.pipe(
  v.number(),
  v.minValue(0, 'must not be negative'),
  v.maxValue(86_400, 'must be at most 86400 (one day)'),
)
