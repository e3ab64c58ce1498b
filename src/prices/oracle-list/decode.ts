import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import type { Price, PriceTier, Rate } from '../price.ts'
import { modelsOf } from './products.ts'
import { type ListedRate, type RatePart, readRow, type SkippedRow } from './read-row.ts'

/** Oracle's public price list. It needs no credential. */
export const PRICE_LIST_URL =
  'https://apexapps.oracle.com/pls/apex/cetools/api/v1/products/?currencyCode=USD'

const List = v.looseObject({ items: v.array(v.unknown()) })

/** The prices of models, and the rows about Generative AI that are not used. */
export interface DecodedList {
  prices: readonly Price[]
  skipped: readonly SkippedRow[]
}

/**
 * Decodes Oracle's price list. A product whose rows are incomplete or contradict each other has no
 * price, rather than a wrong one.
 * @param date when the list was read: `2026-11-28`
 */
export function decodePriceList(json: unknown, date: string): DecodedList {
  const list = v.safeParse(List, json)
  if (!list.success) {
    throw new ApiError('upstream_invalid_response', "Oracle's price list has another format")
  }
  const rows = list.output.items.map(readRow).filter((row) => row !== undefined)
  const skipped = rows.filter((row) => row.type === 'skipped')
  const rates = rows.filter((row) => row.type === 'rate')
  const products = Map.groupBy(rates, ({ product }) => product)
  const decoded = [...products].map(([product, ownRates]) => decodeProduct(product, ownRates, date))
  return {
    prices: decoded.flatMap((result) => result.prices).sort((a, b) => a.model < b.model ? -1 : 1),
    skipped: [...skipped, ...decoded.flatMap((result) => result.skipped)],
  }
}

function decodeProduct(product: string, rates: readonly ListedRate[], date: string): DecodedList {
  const models = modelsOf(product)
  const tiers = models.length > 0 ? tiersOf(product, rates) : 'not a model that the gateway knows'
  if (typeof tiers === 'string') {
    return {
      prices: [],
      skipped: rates.map((row) => skip(row, tiers)),
    }
  }
  const { metric } = rates[0]!
  const prices = models.map((model): Price => ({
    ...{ model, metric, tiers, source: PRICE_LIST_URL, date },
  }))
  return { prices, skipped: [] }
}

function skip(
  { product: name, rate: { partNumber = '' } }: ListedRate,
  reason: string,
): SkippedRow {
  return { type: 'skipped', partNumber, name, reason }
}

/** The tiers of a product, or why its rows make no price. */
function tiersOf(product: string, rates: readonly ListedRate[]): Price['tiers'] | string {
  if (new Set(rates.map(({ metric }) => metric)).size > 1) return 'rows with different metrics'
  const limits = new Set(
    rates.map(({ bound }) => bound?.limit).filter((limit) => limit !== undefined),
  )
  if (limits.size > 1) return 'more than two tiers'
  const [limit] = limits
  if (limit === undefined) {
    const tier = tierOf(product, rates, undefined)
    return typeof tier === 'string' ? tier : [tier]
  }
  const below = tierOf(product, rates, 'below')
  const above = tierOf(product, rates, 'above')
  if (typeof below === 'string') return below
  if (typeof above === 'string') return above
  return [{ maxPromptTokens: limit - 1, ...below }, above]
}

function tierOf(
  product: string,
  rates: readonly ListedRate[],
  side: 'below' | 'above' | undefined,
): PriceTier | string {
  const own = rates.filter(({ bound }) => bound === undefined || bound.side === side)
  const rateOf = (part: RatePart) => dearest(own.filter((row) => row.part === part))
  const all = rateOf('all')
  if (all) {
    const isChat = own[0]?.metric === 'characters' && !product.includes('embed')
    return isChat ? { input: all, output: all } : { input: all }
  }
  const [input, cached, output] = [rateOf('input'), rateOf('cached'), rateOf('output')]
  if (!input || !output) return `no row for ${input ? 'output' : 'input'} tokens`
  return cached ? { input, cached, output } : { input, output }
}

/** Of rows for the same thing the dearest counts, so that a budget holds. */
function dearest(rows: readonly ListedRate[]): Rate | undefined {
  const usdOf = ({ rate: { nanoDollars, per } }: ListedRate) => nanoDollars / per
  return rows.toSorted((a, b) => usdOf(b) - usdOf(a))[0]?.rate
}
