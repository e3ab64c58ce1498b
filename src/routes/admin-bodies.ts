import * as v from 'valibot'
import { ApiError } from '../errors.ts'
import { nearestNames } from '../nearest-names.ts'
import { PRICE_METRICS } from '../prices/new-price.ts'

const Text = v.nullish(v.string())
const Limit = v.nullish(v.number())

const LIMITS = { rpm: Limit, tpm: Limit, concurrency: Limit, budget: Text }

/** The settings of a key. `null` removes one. */
export const KeyBody = v.object({
  ...LIMITS,
  name: v.optional(v.string()),
  team: Text,
  models: v.nullish(v.array(v.string())),
  expires: Text,
  compartmentId: Text,
  attribution: v.optional(v.boolean()),
  disabled: v.optional(v.boolean()),
})

/** The limits of a team. */
export const TeamBody = v.object({ ...LIMITS, name: v.optional(v.string()) })

const Usd = v.union([v.string(), v.pipe(v.number(), v.transform(String))])

/** The price of a model, in USD for `per` units. */
export const PriceBody = v.object({
  model: v.string(),
  input: Usd,
  cached: v.optional(Usd),
  output: v.optional(Usd),
  per: v.optional(v.number()),
  metric: v.optional(v.picklist(PRICE_METRICS)),
})

/** Throws an `invalid_request` for a member that a body does not have, with the nearest one. */
export function rejectUnknown(received: object, { entries }: { entries: object }): void {
  const known = Object.keys(entries)
  const unknown = Object.keys(received).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const [nearest] = nearestNames(unknown, known)
  const hint = nearest === undefined ? `Known: ${known.join(', ')}` : `Did you mean "${nearest}"?`
  throw new ApiError('invalid_request', `Unknown field "${unknown.slice(0, 60)}". ${hint}`, {
    param: unknown.slice(0, 60),
  })
}
