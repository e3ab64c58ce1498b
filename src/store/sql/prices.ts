import type { Change, TokenRatio } from '../records.ts'
import type { PriceOverride } from '../store.ts'
import { recordChange } from './keys.ts'
import { query, type Steps } from './statement.ts'

/** Reads the prices that the operator has set. */
export function* listPrices(): Steps<PriceOverride[]> {
  const rows = yield* query('SELECT * FROM prices')
  const prices = rows.map((row) => ({ model: String(row['model']), price: String(row['price']) }))
  return sortByModel(prices)
}

/** Sets the price of a model. */
export function* setPrice({ model, price }: PriceOverride, change: Change): Steps<void> {
  yield* query(
    'INSERT INTO prices (model, price) VALUES (?, ?) ON CONFLICT (model) DO UPDATE SET price = excluded.price',
    ...[model, price],
  )
  yield* recordChange(change)
}

/** Reads what was learnt about the tokens of models. */
export function* listRatios(): Steps<TokenRatio[]> {
  const rows = yield* query('SELECT * FROM ratios')
  const ratios = rows.map((row) => ({
    model: String(row['model']),
    ratio: Number(row['ratio']),
    samples: Number(row['samples']),
    completion95: row['completion95'] === null ? undefined : Number(row['completion95']),
  }))
  return sortByModel(ratios)
}

/** Saves what was learnt about the tokens of models. */
export function* saveRatios(ratios: readonly TokenRatio[]): Steps<void> {
  for (const { model, ratio, samples, completion95 } of sortByModel([...ratios])) {
    yield* query(
      `INSERT INTO ratios (model, ratio, samples, completion95) VALUES (?, ?, ?, ?)
      ON CONFLICT (model) DO UPDATE SET ratio = excluded.ratio, samples = excluded.samples,
      completion95 = excluded.completion95`,
      ...[model, ratio, samples, completion95 ?? null],
    )
  }
}

function sortByModel<Item extends { model: string }>(items: Item[]): Item[] {
  return items.sort((a, b) => a.model < b.model ? -1 : 1)
}
