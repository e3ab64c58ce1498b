import { parseRate } from './money.ts'
import { OPERATOR } from './price-book.ts'
import type { Price, PriceMetric, Rate } from './price.ts'

/** All metrics, in the order of the help. */
export const PRICE_METRICS = [
  ...['tokens', 'characters', 'searchUnits', 'requests'] as const,
] as const satisfies readonly PriceMetric[]

/** The units of Oracle's price list. */
const USUAL_UNITS: Readonly<Record<PriceMetric, number>> = {
  tokens: 1_000_000,
  characters: 10_000,
  searchUnits: 1_000,
  requests: 1_000,
}

/** A price as an operator gives it: decimal numbers of USD for `per` units. */
export interface NewPrice {
  /** OCI's name of the model, or a pattern that ends in `*`. */
  model: string
  input: string
  cached?: string | undefined
  output?: string | undefined
  /** Default: 1,000,000 tokens, 10,000 characters, 1,000 search units or requests. */
  per?: number | undefined
  metric?: PriceMetric | undefined
}

/** A price, or what is wrong with which member. */
export type NewPriceResult =
  | { type: 'price'; price: Price }
  | { type: 'invalid'; member: 'model' | 'input' | 'cached' | 'output' | 'per'; message: string }

/**
 * Makes a price from what an operator gives.
 * @param date today: `2026-11-28`
 */
export function newPrice(given: NewPrice, date: string): NewPriceResult {
  const { model, metric = 'tokens' } = given
  const { per = USUAL_UNITS[metric] } = given
  if (!/^[\w.:/-]+\*?$|^\*$/.test(model)) {
    return invalid('model', "must be OCI's name of a model, or a pattern that ends in *")
  }
  if (!Number.isSafeInteger(per) || per < 1) return invalid('per', 'must be a whole number from 1')
  const input = parseRate(given.input, per)
  if (!input) return invalid('input', NOT_USD)
  const cached = readOptional(given.cached, per)
  if (cached === 'invalid') return invalid('cached', NOT_USD)
  const output = readOptional(given.output, per)
  if (output === 'invalid') return invalid('output', NOT_USD)
  const tier = { input, ...(cached && { cached }), ...(output && { output }) }
  return { type: 'price', price: { model, metric, tiers: [tier], source: OPERATOR, date } }
}

const NOT_USD = 'must be a number of USD, such as 0.75'

function readOptional(usd: string | undefined, per: number): Rate | undefined | 'invalid' {
  return usd === undefined ? undefined : parseRate(usd, per) ?? 'invalid'
}

function invalid(
  member: Extract<NewPriceResult, { type: 'invalid' }>['member'],
  message: string,
): NewPriceResult {
  return { type: 'invalid', member, message }
}
