import { EXIT } from '../../../entry/exit-codes.ts'
import { ApiError } from '../../../errors.ts'
import {
  type DecodedList,
  decodePriceList,
  PRICE_LIST_URL,
} from '../../../prices/oracle-list/decode.ts'
import { createPriceBook, OPERATOR, storePrice } from '../../../prices/price-book.ts'
import type { Price } from '../../../prices/price.ts'
import type { Store } from '../../../store/store.ts'
import { defineCommand } from '../../command.ts'
import { CONNECTION_FLAGS, withFlags } from '../../connection-flags.ts'
import type { Host } from '../../host.ts'
import { withStore } from '../../open-store.ts'
import { priceChange, today } from '../../price-changes.ts'
import { whilePending } from '../../progress.ts'

/** Milliseconds to wait for the list, and its maximum length in characters. */
const TIMEOUT = 60_000
const MAX_LENGTH = 32_000_000

/** `oci-gateway prices update` */
export const update = defineCommand({
  options: {
    json: { type: 'boolean', description: 'Print JSON, with the rows that are not used' },
    config: CONNECTION_FLAGS.config,
  },
  examples: [{ line: 'prices update', does: 'store the prices of today' }],
  async run({ values, host }) {
    const result = await withStore(host, withFlags(host.env, values), async (store) => {
      const list = await whilePending(host, "Reading Oracle's price list", readList(host))
      return { ...list, ...await storeList(store, list.prices, host) }
    })
    report(result, values.json, host)
    return EXIT.success
  },
})

interface UpdateResult extends DecodedList {
  /** Models with another price than before. */
  changed: readonly string[]
  /** Models whose price the operator has set: it stays. */
  kept: readonly string[]
  /** Models whose price is from an earlier list and not in this one: it stays. */
  missing: readonly string[]
}

async function readList(host: Host): Promise<DecodedList> {
  const signal = AbortSignal.any([host.signal, AbortSignal.timeout(TIMEOUT)])
  const json = await readJson(host, signal).catch((cause: unknown) => {
    host.signal.throwIfAborted()
    if (cause instanceof ApiError) throw cause
    // Node's fetch has the reason in the cause of its error.
    const error = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
    throw unavailable(error instanceof Error ? error.message : String(error), cause)
  })
  const list = decodePriceList(json, today(host))
  if (list.prices.length > 0) return list
  throw unavailable('it has no row of a known model', undefined)
}

async function readJson({ fetch }: Host, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(PRICE_LIST_URL, { signal, headers: { accept: 'application/json' } })
  if (!response.ok) {
    await response.body?.cancel()
    throw unavailable(`HTTP status ${response.status}`, undefined)
  }
  const text = await response.text()
  if (text.length > MAX_LENGTH) throw unavailable('it is too long', undefined)
  return JSON.parse(text)
}

function unavailable(reason: string, cause: unknown): ApiError {
  const message = `Cannot read ${PRICE_LIST_URL}: ${reason}. The stored prices are unchanged`
  return new ApiError('upstream_unavailable', message, { cause })
}

async function storeList(
  store: Store,
  prices: readonly Price[],
  host: Host,
): Promise<Pick<UpdateResult, 'changed' | 'kept' | 'missing'>> {
  const rows = await store.listPrices()
  const stored = new Map(createPriceBook(rows, []).list().map((price) => [price.model, price]))
  const before = createPriceBook(rows)
  const isKept = ({ model }: Price) => stored.get(model)?.source === OPERATOR
  const updated = prices.filter((price) => !isKept(price))
  for (const price of updated) {
    await store.setPrice(storePrice(price), priceChange(host, 'price.update', price))
  }
  const listed = new Set(prices.map(({ model }) => model))
  return {
    changed: updated.filter((price) => !isSame(price, before.find(price.model)))
      .map(({ model }) => model),
    kept: prices.filter(isKept).map(({ model }) => model),
    missing: [...stored.values()].filter(({ model, source }) =>
      source === PRICE_LIST_URL && !listed.has(model)
    ).map(({ model }) => model),
  }
}

function isSame(price: Price, before: Price | undefined): boolean {
  const valueOf = ({ metric, tiers }: Price) => JSON.stringify({ metric, tiers })
  return before !== undefined && valueOf(price) === valueOf(before)
}

function report(result: UpdateResult, asJson: boolean, { stdout }: Host): void {
  const { prices, changed, kept, missing, skipped } = result
  const models = prices.map(({ model }) => model)
  if (asJson) {
    const shown = { models, changed, kept, missing, skipped }
    return stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
  }
  const lines = [
    `${models.length} models have a price in Oracle's list; ${skipped.length} of its rows about ` +
    'Generative AI are not used (--json lists them)',
    ...(changed.length > 0 ? [`New or changed: ${changed.join(', ')}`] : ['No price has changed']),
    ...(kept.length > 0 ? [`Kept, because "prices set" stored them: ${kept.join(', ')}`] : []),
    ...(missing.length > 0 ? [`No longer in the list, kept: ${missing.join(', ')}`] : []),
  ]
  stdout.write(lines.map((line) => `${line}\n`).join(''))
}
