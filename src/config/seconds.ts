import * as v from 'valibot'

/** A duration. The runtimes' timers hold 24 days: one that is set for longer fires at once. */
export const Seconds = v.pipe(
  v.number(),
  v.minValue(0, 'must not be negative'),
  v.maxValue(86_400, 'must be a day (86400) at most'),
)
