import * as v from 'valibot'
import type { Price } from './price.ts'

const Positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const Rate = v.object({
  nanoDollars: Amount,
  per: Positive,
  partNumber: v.optional(v.string()),
})

const Tier = v.object({
  maxPromptTokens: v.optional(Positive),
  input: Rate,
  cached: v.optional(Rate),
  output: v.optional(Rate),
})

/** Only the last tier has no maximum, and each maximum is higher than the one before. */
const Tiers = v.pipe(
  v.tupleWithRest([Tier], Tier),
  v.check((tiers) =>
    tiers.every(({ maxPromptTokens = Infinity }, index) => {
      const next = tiers[index + 1]
      return next
        ? maxPromptTokens < (next.maxPromptTokens ?? Infinity)
        : maxPromptTokens === Infinity
    })
  ),
)

const PriceJson = v.object({
  model: v.pipe(v.string(), v.minLength(1)),
  metric: v.picklist(['tokens', 'characters', 'searchUnits', 'requests']),
  tiers: Tiers,
  source: v.string(),
  date: v.pipe(v.string(), v.isoDate()),
})

/** Reads the JSON value of a price, or returns `undefined` if it is none. */
export function decodePrice(json: unknown): Price | undefined {
  const result = v.safeParse(PriceJson, json)
  return result.success ? result.output : undefined
}
