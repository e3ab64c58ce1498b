import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sizeOfText } from '../../src/metering/prompt-size.ts'
import { cost } from '../../src/prices/cost.ts'
import { formatUsd, parseRate } from '../../src/prices/money.ts'
import { createPriceBook, storePrice } from '../../src/prices/price-book.ts'
import type { Consumption, Price } from '../../src/prices/price.ts'

const NOTHING: Consumption = {
  ...{ promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
  ...{ promptCharacters: 0, answerCharacters: 0, searchUnits: 0, requests: 1 },
}

/**
 * No source has a rate for cached input of Gemini on OCI, so the operator sets it here. The other
 * rates are those of the built-in table.
 */
const GEMINI_WITH_CACHE: Price = {
  ...{ model: 'google.gemini-2.5-pro', metric: 'tokens', source: 'operator', date: '2026-11-28' },
  tiers: [{
    maxPromptTokens: 199_999,
    input: { ...parseRate('1.25', 1_000_000)!, partNumber: 'B111847' },
    cached: parseRate('0.31', 1_000_000)!,
    output: { ...parseRate('10', 1_000_000)!, partNumber: 'B111849' },
  }, {
    input: { ...parseRate('2.5', 1_000_000)!, partNumber: 'B111848' },
    cached: parseRate('0.625', 1_000_000)!,
    output: { ...parseRate('15', 1_000_000)!, partNumber: 'B111850' },
  }],
}

const builtIn = createPriceBook([])
const operator = createPriceBook([storePrice(GEMINI_WITH_CACHE)])

const ENGLISH = sizeOfText('Generate a product pitch for a USB connected compact microphone.')
const JAPANESE = sizeOfText('桜の花は🌸春に咲きます。')

interface Bill {
  name: string
  model: string
  used: Partial<Consumption>
  usd: string
  partNumbers: readonly string[]
  book?: typeof builtIn
}

const BILLS: readonly Bill[] = [
  {
    // Oracle's own example, "Paying for On-Demand Inferencing": 220 + 2,205 characters.
    name: "Llama by characters: Oracle's example",
    model: 'meta.llama-3.3-70b-instruct',
    used: { promptCharacters: 220, answerCharacters: 2_205, promptTokens: 40 },
    usd: '0.000436500',
    partNumbers: ['B108080'],
  },
  {
    name: 'Llama by characters: English, 64 characters',
    model: 'meta.llama-4-maverick-17b-128e-instruct-fp8',
    used: { promptCharacters: ENGLISH.characters, answerCharacters: 36 },
    usd: '0.000018000',
    partNumbers: ['B111036'],
  },
  {
    // 12 code points; an emoji is one, although UTF-16 has two units for it.
    name: 'Llama by characters: Japanese, 12 code points in 37 bytes',
    model: 'meta.llama-4-scout-17b-16e-instruct',
    used: { promptCharacters: JAPANESE.characters, answerCharacters: 0 },
    usd: '0.000002160',
    partNumbers: ['B111035'],
  },
  {
    name: 'Grok below its tier, with cached input',
    model: 'xai.grok-4.3',
    used: { promptTokens: 199_999, cachedTokens: 99_999, completionTokens: 1_001 },
    // 100,000 × 1.25 + 99,999 × 0.20 + 1,001 × 2.50, for a million each
    usd: '0.147502300',
    partNumbers: ['B112080', 'B112081', 'B112082'],
  },
  {
    name: 'Grok above its tier',
    model: 'xai.grok-4.3',
    used: { promptTokens: 200_000, cachedTokens: 0, completionTokens: 1_001 },
    usd: '0.505005000',
    partNumbers: ['B112083', 'B112085'],
  },
  {
    name: 'Grok above its tier, with cached input',
    model: 'xai.grok-4.20-reasoning',
    used: { promptTokens: 200_001, cachedTokens: 200_000, completionTokens: 0 },
    usd: '0.080002500',
    partNumbers: ['B112077', 'B112078'],
  },
  {
    name: 'Gemini with cached input, at the rate for input: no cached rate was found',
    model: 'google.gemini-2.5-pro',
    used: { promptTokens: 1_000, cachedTokens: 600, completionTokens: 100 },
    usd: '0.002250000',
    partNumbers: ['B111847', 'B111849'],
  },
  {
    name: "Gemini with cached input, at the operator's rate",
    model: 'google.gemini-2.5-pro',
    used: { promptTokens: 1_000, cachedTokens: 600, completionTokens: 100 },
    // 400 × 1.25 + 600 × 0.31 + 100 × 10
    usd: '0.001686000',
    partNumbers: ['B111847', 'B111849'],
    book: operator,
  },
  {
    name: "Gemini above its tier with cached input, at the operator's rate",
    model: 'google.gemini-2.5-pro',
    used: { promptTokens: 300_000, cachedTokens: 299_999, completionTokens: 1 },
    usd: '0.187516875',
    partNumbers: ['B111848', 'B111850'],
    book: operator,
  },
  {
    name: 'gpt-oss: 1 + 1 tokens',
    model: 'openai.gpt-oss-120b',
    used: { promptTokens: 1, completionTokens: 1 },
    usd: '0.000000750',
    partNumbers: ['B112004', 'B112005'],
  },
  {
    name: 'Cohere Command A by characters',
    model: 'cohere.command-a-03-2025',
    used: { promptCharacters: 10_000, answerCharacters: 1 },
    usd: '0.015601560',
    partNumbers: ['B108077'],
  },
  {
    name: 'Cohere embeddings: input only',
    model: 'cohere.embed-v4.0',
    used: { promptCharacters: 12_345, promptTokens: 3_000 },
    usd: '0.001234500',
    partNumbers: ['B108079'],
  },
  {
    name: 'Cohere Rerank Pro: 3 search units',
    model: 'cohere.rerank-v4.0-pro',
    used: { searchUnits: 3, promptTokens: 9_000 },
    usd: '0.007500000',
    partNumbers: ['B112423'],
  },
  {
    name: 'Cohere Rerank Fast: 1 search unit',
    model: 'cohere.rerank-v4.0-fast',
    used: { searchUnits: 1 },
    usd: '0.002000000',
    partNumbers: ['B112424'],
  },
]

describe('bills, exact to the nano-dollar', () => {
  for (const { name, model, used, usd, partNumbers, book = builtIn } of BILLS) {
    it(name, () => {
      const bill = cost(book.find(model)!, { ...NOTHING, ...used })
      assert.equal(formatUsd(bill.nanoDollars), usd)
      assert.deepEqual(bill.partNumbers, partNumbers)
    })
  }

  // Models of the catalogue for which no figure was found.
  const unpriced = [
    ...['xai.grok-4.6', 'xai.grok-4.7', 'cohere.command-a-vision-07-2025'],
    ...['cohere.command-a-reasoning-08-2025', 'openai.gpt-4.1', 'xai.grok-4.20-multi-agent'],
  ]
  for (const model of unpriced) {
    it(`${model} has no price`, () => assert.equal(builtIn.find(model), undefined))
  }
})
