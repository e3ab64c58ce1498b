import * as v from 'valibot'

/** The key `budgets`: how the budgets of stored keys and teams work. */
export const Budgets = v.partial(v.strictObject({
  timeZone: v.pipe(
    v.string(),
    v.check(isTimeZone, 'must be a time zone such as Europe/Berlin'),
    v.description(
      'Time zone of the calendar by which budgets are renewed, such as Europe/Berlin. Default: UTC',
    ),
  ),
  whenStoreDown: v.pipe(
    v.picklist(['failClosed', 'failOpen']),
    v.description(
      'Whether requests are rejected (failClosed) or served and settled later (failOpen) while the ' +
        'store does not answer. Default: failClosed with a budget, else failOpen',
    ),
  ),
  learnedOutputLimit: v.pipe(
    v.boolean(),
    v.description(
      'Whether answers of limited keys whose clients set no output limit are limited to the length ' +
        'that 95% of the answers of the model have, so that less is reserved. Default: false',
    ),
  ),
}))

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
