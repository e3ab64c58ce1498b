import * as v from 'valibot'
import { parseRate } from '../money.ts'
import type { PriceMetric, Rate } from '../price.ts'

const Value = v.union([v.number(), v.string()])
const Prices = v.array(v.looseObject({ model: v.string(), value: v.nullish(Value) }))

/** A row of Oracle's price list: only what is read. */
const Product = v.looseObject({
  partNumber: v.string(),
  displayName: v.string(),
  metricName: v.string(),
  currencyCodeLocalizations: v.array(v.looseObject({ currencyCode: v.string(), prices: Prices })),
})

type Product = v.InferOutput<typeof Product>

/** What a rate is charged for. `all` is the only rate of a model, for prompt and answer. */
export type RatePart = 'input' | 'cached' | 'output' | 'all'

/** A rate applies to prompts of fewer tokens than `limit`, or to the others. */
export interface TierBound {
  side: 'below' | 'above'
  limit: number
}

/** A row of the list that says what a model costs. */
export interface ListedRate {
  type: 'rate'
  /** In lower case, without the prefix: `xai - grok 4.3`. */
  product: string
  part: RatePart
  metric: PriceMetric
  bound: TierBound | undefined
  rate: Rate
}

/** A row about Generative AI that is not used, and why. */
export interface SkippedRow {
  type: 'skipped'
  partNumber: string
  name: string
  reason: string
}

/**
 * Reads a row of Oracle's price list in USD. Returns `undefined` for rows of other services. The list
 * is not consistent: it has double and no-break spaces, dashes of two kinds with and without spaces,
 * and two prefixes.
 */
export function readRow(json: unknown): ListedRate | SkippedRow | undefined {
  const result = v.safeParse(Product, json)
  if (!result.success) return undefined
  const product = result.output
  const name = normalize(product.displayName)
  const [prefix] = /^(OCI|Oracle Cloud Infrastructure) Generative AI *- */i.exec(name) ?? []
  if (prefix === undefined) return undefined
  return readRate(product, name.slice(prefix.length))
}

function readRate(product: Product, name: string): ListedRate | SkippedRow {
  const { partNumber } = product
  const skip = (reason: string): SkippedRow => ({ type: 'skipped', partNumber, name, reason })
  const unit = readMetric(normalize(product.metricName))
  if (!unit) return skip(`metric "${normalize(product.metricName)}"`)
  const usd = usdOf(product)
  if (usd === undefined) return skip('no pay-as-you-go price in USD')
  const rate = parseRate(usd, unit.per)
  if (!rate) return skip(`price "${usd}"`)
  const parts = unit.metric === 'tokens' ? readParts(name) : { product: name, part: 'all' as const }
  if (!parts) return skip('another kind of tokens')
  return {
    ...{ type: 'rate', product: withSpacedDashes(parts.product), part: parts.part },
    ...{ metric: unit.metric, bound: 'bound' in parts ? parts.bound : undefined },
    rate: { ...rate, partNumber },
  }
}

function normalize(text: string): string {
  return text.replace(/[\u2010-\u2015]/g, '-').replace(/\s+/g, ' ').trim()
}

/** `Google -Gemini 2.5 Pro` as `google - gemini 2.5 pro`. A dash in a word stays: `gpt-oss-120b`. */
function withSpacedDashes(name: string): string {
  return name.toLowerCase().replace(/ -(?=\S)|(?<=\S)- /g, ' - ').replace(/ +/g, ' ').trim()
}

const METRICS: Readonly<Record<string, PriceMetric>> = {
  tokens: 'tokens',
  // A transaction is a character.
  transactions: 'characters',
  characters: 'characters',
  'search units': 'searchUnits',
  requests: 'requests',
}

function readMetric(name: string): { metric: PriceMetric; per: number } | undefined {
  const [, count = '', unit = ''] = /^([\d,]+) ([a-z ]+)$/i.exec(name) ?? []
  const metric = Object.entries(METRICS).find(([known]) => known === unit.toLowerCase())?.[1]
  const per = Number(count.replaceAll(',', ''))
  return metric && Number.isSafeInteger(per) && per > 0 ? { metric, per } : undefined
}

/** The dearest of the ranges, because the first one may be free for some units a month. */
function usdOf({ currencyCodeLocalizations }: Product): string | undefined {
  const prices = currencyCodeLocalizations.filter(({ currencyCode }) => currencyCode === 'USD')
    .flatMap(({ prices }) => prices)
    .filter(({ model, value }) => model === 'PAY_AS_YOU_GO' && value !== null && value !== '')
    .map(({ value }) => Number(value))
    .filter((value) => Number.isFinite(value) && value >= 0)
  if (prices.length === 0) return undefined
  return Math.max(...prices).toFixed(12)
}

/** Words after "Input Tokens" of the usual rate: `- Text, Image, and Video`, `- Text Output`. */
const USUAL_WORDS = new Set([
  ...['text', 'image', 'audio', 'and', 'video', 'input', 'output', 'tokens'],
])

/**
 * Splits the name of a row of tokens: `xAI - Grok 4.3 - Cached Input Tokens less than 200K Tokens`.
 * Returns `undefined` for rates that are not the usual one, such as those of audio or of priority.
 */
function readParts(
  name: string,
): { product: string; part: RatePart; bound: TierBound | undefined } | undefined {
  const match = /\b(cached input|input|output) tokens\b/i.exec(name)
  if (!match) return undefined
  const [found, kind = ''] = match
  const product = name.slice(0, match.index).replace(/ ?- ?$/, '')
  const rest = name.slice(match.index + found.length)
  const tier = /\b(less|greater) than ([\d,.]+) ?([KM])\b/i.exec(rest)
  const words: readonly string[] =
    rest.replace(tier?.[0] ?? '', ' ').toLowerCase().match(/[\p{L}\d]+/gu) ?? []
  const isUsual = words.every((word) => USUAL_WORDS.has(word)) &&
    (!words.includes('audio') || words.includes('text'))
  if (!isUsual) return undefined
  const part = kind.toLowerCase() === 'cached input' ? 'cached' : kind.toLowerCase()
  return {
    ...{ product, part: part === 'cached' || part === 'input' ? part : 'output' },
    bound: tier ? boundOf(tier) : undefined,
  }
}

function boundOf([, side = '', count = '', unit = '']: RegExpExecArray): TierBound {
  const factor = unit.toUpperCase() === 'M' ? 1_000_000 : 1_000
  return {
    side: side.toLowerCase() === 'less' ? 'below' : 'above',
    limit: Math.round(Number(count.replaceAll(',', '')) * factor),
  }
}
