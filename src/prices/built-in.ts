import type { Price, Rate } from './price.ts'

/**
 * A copy of Oracle's cost estimator of that day, with Oracle's names and part numbers. Copies of the
 * public price list of 2026-06-02 have the same figures where they have these rows.
 */
const ESTIMATOR = {
  source:
    'https://github.com/mangoproxy23/oci-intake-appv2/blob/46add8e054baf37afdc484ba3f53dd764c54eed3/data/oci_price_list.json',
  date: '2026-07-30',
}

/** Oracle's list says "less than 200K" and "greater than 200K": 200,000 itself counts as greater. */
const BELOW_200K = 199_999

/**
 * Prices on demand in USD as Oracle published them. A model for which no figure was found has no row,
 * and so no cost. `prices update` replaces the rows by Oracle's current list.
 */
export const BUILT_IN_PRICES: readonly Price[] = [
  tokens('xai.grok-4.3', [{
    maxPromptTokens: BELOW_200K,
    input: million(1_250, 'B112080'),
    cached: million(200, 'B112081'),
    output: million(2_500, 'B112082'),
  }, {
    input: million(2_500, 'B112083'),
    cached: million(400, 'B112084'),
    output: million(5_000, 'B112085'),
  }]),
  // The product is called Grok 4.2.
  ...[
    ...['xai.grok-4.20-reasoning', 'xai.grok-4.20-non-reasoning'],
    ...['xai.grok-4.20-0309-reasoning', 'xai.grok-4.20-0309-non-reasoning'],
  ].map((model) =>
    tokens(model, [{
      maxPromptTokens: BELOW_200K,
      input: million(1_250, 'B111910'),
      cached: million(200, 'B111911'),
      output: million(2_500, 'B112076'),
    }, {
      input: million(2_500, 'B112077'),
      cached: million(400, 'B112078'),
      output: million(5_000, 'B112079'),
    }])
  ),
  tokens('openai.gpt-oss-120b', [
    { input: million(150, 'B112004'), output: million(600, 'B112005') },
  ]),
  tokens('openai.gpt-oss-20b', [
    { input: million(70, 'B112006'), output: million(300, 'B112007') },
  ]),
  tokens('google.gemini-2.5-pro', [{
    maxPromptTokens: BELOW_200K,
    input: million(1_250, 'B111847'),
    output: million(10_000, 'B111849'),
  }, {
    input: million(2_500, 'B111848'),
    output: million(15_000, 'B111850'),
  }]),
  tokens('google.gemini-2.5-flash', [
    { input: million(300, 'B111851'), output: million(2_500, 'B111853') },
  ]),
  tokens('google.gemini-2.5-flash-lite', [
    { input: million(100, 'B111854'), output: million(400, 'B111856') },
  ]),
  characters('meta.llama-3.3-70b-instruct', transactions(1_800, 'B108080')),
  characters('meta.llama-4-maverick-17b-128e-instruct-fp8', transactions(1_800, 'B111036')),
  characters('meta.llama-4-scout-17b-16e-instruct', transactions(1_800, 'B111035')),
  characters('cohere.command-a-03-2025', transactions(15_600, 'B108077')),
  {
    ...{ model: 'cohere.embed-v4.0', metric: 'characters', ...ESTIMATOR },
    tiers: [{ input: transactions(1_000, 'B108079') }],
  },
  searchUnits('cohere.rerank-v4.0-pro', 2_500, 'B112423'),
  searchUnits('cohere.rerank-v4.0-fast', 2_000, 'B112424'),
]

function tokens(model: string, tiers: Price['tiers']): Price {
  return { model, metric: 'tokens', tiers, ...ESTIMATOR }
}

/** Prompt and answer are charged alike. */
function characters(model: string, rate: Rate): Price {
  return { model, metric: 'characters', tiers: [{ input: rate, output: rate }], ...ESTIMATOR }
}

function searchUnits(model: string, milliDollars: number, partNumber: string): Price {
  const input = { nanoDollars: milliDollars * 1_000_000, per: 1_000, partNumber }
  return { model, metric: 'searchUnits', tiers: [{ input }], ...ESTIMATOR }
}

/** Thousandths of a dollar for a million tokens. */
function million(milliDollars: number, partNumber: string): Rate {
  return { nanoDollars: milliDollars * 1_000_000, per: 1_000_000, partNumber }
}

/** Millionths of a dollar for 10,000 transactions. A transaction is a character. */
function transactions(microDollars: number, partNumber: string): Rate {
  return { nanoDollars: microDollars * 1_000, per: 10_000, partNumber }
}
