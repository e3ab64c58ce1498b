/** What one call consumed. */
export interface Use {
  promptTokens: number
  /** Of the prompt tokens. */
  cachedTokens: number
  /** Reasoning included. */
  completionTokens: number
  promptCharacters: number
  answerCharacters: number
  searchUnits: number
}

/** A row of the price list. */
export interface Sku {
  partNumber: string
  name: string
  /** The metric, and how many units it has. */
  unit: string
  size: number
  /** USD for `size` units. */
  price: number
}

/** The units of one part number that a call is billed for. */
export interface Charge {
  sku: Sku
  units: number
}

/** Prompts of so many tokens and more have the higher rates. */
const LONG_PROMPT = 200_000

type TokenRow = [part: string, price: number]

interface TokenRates {
  input: TokenRow
  cached?: TokenRow
  output: TokenRow
}

/** Prices of Oracle's list of 2026-07-30, by the beginning of a model's name. */
const TOKEN_MODELS: readonly [prefix: string, short: TokenRates, long?: TokenRates][] = [
  [
    'xai.grok-4.3',
    { input: ['B112080', 1.25], cached: ['B112081', 0.2], output: ['B112082', 2.5] },
    { input: ['B112083', 2.5], cached: ['B112084', 0.4], output: ['B112085', 5] },
  ],
  [
    'xai.grok-4.20',
    { input: ['B111910', 1.25], cached: ['B111911', 0.2], output: ['B112076', 2.5] },
    { input: ['B112077', 2.5], cached: ['B112078', 0.4], output: ['B112079', 5] },
  ],
  ['openai.gpt-oss-120b', { input: ['B112004', 0.15], output: ['B112005', 0.6] }],
  ['openai.gpt-oss-20b', { input: ['B112006', 0.07], output: ['B112007', 0.3] }],
  [
    'google.gemini-2.5-pro',
    { input: ['B111847', 1.25], output: ['B111849', 10] },
    { input: ['B111848', 2.5], output: ['B111850', 15] },
  ],
  ['google.gemini-2.5-flash-lite', { input: ['B111854', 0.1], output: ['B111856', 0.4] }],
  ['google.gemini-2.5-flash', { input: ['B111851', 0.3], output: ['B111853', 2.5] }],
]

/** Prices for 10,000 characters. */
const CHARACTER_MODELS: readonly [prefix: string, part: string, price: number][] = [
  ['meta.llama-3.3-70b', 'B108080', 0.0018],
  ['meta.llama-4-maverick', 'B111036', 0.0018],
  ['meta.llama-4-scout', 'B111035', 0.0018],
  ['cohere.command-a-03-2025', 'B108077', 0.0156],
  ['cohere.embed-v4.0', 'B108079', 0.001],
]

/** Prices for 1,000 search units. */
const SEARCH_MODELS: readonly [prefix: string, part: string, price: number][] = [
  ['cohere.rerank-v4.0-pro', 'B112423', 2.5],
  ['cohere.rerank-v4.0-fast', 'B112424', 2],
]

/** What a call of a model on demand is billed for; nothing for a model that is not in the list. */
export function chargesFor(model: string, use: Use): readonly Charge[] {
  const charges = [
    ...tokenCharges(model, use),
    ...CHARACTER_MODELS.filter(([prefix]) => model.startsWith(prefix)).map(([, part, price]) => ({
      sku: skuOf(model, part, price, '10,000 Transactions', 10_000),
      units: use.promptCharacters + use.answerCharacters,
    })),
    ...SEARCH_MODELS.filter(([prefix]) => model.startsWith(prefix)).map(([, part, price]) => ({
      sku: skuOf(model, part, price, '1000 Search Units', 1_000),
      units: use.searchUnits,
    })),
  ]
  return charges.filter(({ units }) => units > 0)
}

function tokenCharges(model: string, use: Use): readonly Charge[] {
  const [, short, long = short] = TOKEN_MODELS.find(([prefix]) => model.startsWith(prefix)) ?? []
  const rates = use.promptTokens >= LONG_PROMPT ? long : short
  if (!rates) return []
  const charge = ([part, price]: TokenRow, kind: string, units: number): Charge => ({
    sku: skuOf(`${model} - ${kind}`, part, price, '1,000,000 Tokens', 1_000_000),
    units,
  })
  const { input, cached = input, output } = rates
  return [
    charge(input, 'Input Tokens', use.promptTokens - use.cachedTokens),
    charge(cached, 'Cached Input Tokens', use.cachedTokens),
    charge(output, 'Output Tokens', use.completionTokens),
  ]
}

function skuOf(name: string, partNumber: string, price: number, unit: string, size: number): Sku {
  return { partNumber, name: `OCI Generative AI - ${name}`, unit, size, price }
}
