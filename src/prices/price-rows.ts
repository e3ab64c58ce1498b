import { usdOf } from './money.ts'
import type { Price, PriceMetric, PriceTier, Rate } from './price.ts'

/** A tier of a price, as `prices show --json` and `/admin/v1/prices` show it. */
export interface PriceRow {
  model: string
  metric: PriceMetric
  /** The rates are USD, as decimal numbers, for so many units. */
  per: number
  /** Prompts with more tokens have the next tier; `null` for the last one. */
  maxPromptTokens: number | null
  input: string
  cached: string | null
  output: string | null
  /** Oracle's part numbers of these rates. */
  partNumbers: readonly string[]
  source: string
  date: string
}

/** One row for each tier of each price. */
export function priceRows(prices: readonly Price[]): readonly PriceRow[] {
  return prices.flatMap((price) => price.tiers.map((tier) => priceRow(price, tier)))
}

function priceRow({ model, metric, source, date }: Price, tier: PriceTier): PriceRow {
  const { input, cached, output, maxPromptTokens = null } = tier
  const { per } = input
  const usd = (rate: Rate | undefined) => rate ? usdOf(rate, per) : null
  const parts = [input, cached, output].map((rate) => rate?.partNumber)
  return {
    ...{ model, metric, per, maxPromptTokens },
    ...{ input: usdOf(input, per), cached: usd(cached), output: usd(output) },
    partNumbers: [...new Set(parts.filter((part) => part !== undefined))],
    ...{ source, date },
  }
}
