import { ApiError } from '../errors.ts'
import { BUILT_IN_PRICES } from './built-in.ts'
import { decodePrice } from './decode-price.ts'
import type { Price, PriceBook } from './price.ts'

/** A price in the store: JSON of a `Price`, or `null` where the built-in price counts again. */
export interface StoredPrice {
  model: string
  price: string
}

/** Creates a price book from the store's prices, which take precedence over the built-in table. */
export function createPriceBook(
  stored: readonly StoredPrice[],
  builtIn: readonly Price[] = BUILT_IN_PRICES,
): PriceBook {
  const own = stored.map(readStored).filter((price) => price !== undefined)
  const finders = [own, builtIn].map(createFinder)
  const byModel = new Map([...builtIn, ...own].map((price) => [price.model, price]))
  const list = [...byModel.values()].toSorted((a, b) => a.model < b.model ? -1 : 1)
  return {
    find: (model) => finders[0]?.(model) ?? finders[1]?.(model),
    list: () => list,
  }
}

/** The source of a price that the operator has set. */
export const OPERATOR = 'operator'

/** Encodes a price for the store. */
export function storePrice(price: Price): StoredPrice {
  return { model: price.model, price: JSON.stringify(price) }
}

function readStored({ model, price }: StoredPrice): Price | undefined {
  const json: unknown = JSON.parse(price)
  if (json === null) return undefined
  const decoded = decodePrice(json)
  if (decoded === undefined) {
    throw new ApiError(
      'configuration_error',
      `Cannot read the stored price of ${model}: set it again`,
    )
  }
  return decoded
}

/** The exact name wins, then the longest pattern. */
function createFinder(prices: readonly Price[]): (model: string) => Price | undefined {
  const exact = new Map(prices.map((price) => [price.model, price]))
  const patterns = prices.filter(({ model }) => model.endsWith('*'))
    .toSorted((a, b) => b.model.length - a.model.length)
  return (model) =>
    exact.get(model) ?? patterns.find((price) => model.startsWith(price.model.slice(0, -1)))
}
