import type { PlannedUse, Prompt } from '../oci/call.ts'
import { worstCase } from '../prices/cost.ts'
import type { Price, PriceBook } from '../prices/price.ts'
import type { Estimates } from './estimates.ts'
import {
  IMAGE_TOKENS,
  type PromptSize,
  sizeOfBody,
  sizeOfChat,
  sizeOfTexts,
} from './prompt-size.ts'
import type { WorstUse } from './limits.ts'

/** A plan with the size of its prompt and the price of its model. */
export interface MeasuredUse extends PlannedUse {
  size: PromptSize
  /** Tokens of the prompt of one call: at most, and as learnt. */
  promptTokens: { bound: number; expected: number }
  /** Absent if what it counts is not known of such a call: its cost would be zero. */
  price: Price | undefined
  /** Prompts that the size is the sum of. */
  prompts: number
}

/** Measures a plan. `prompts` replace its own prompt, if other plans with the same model follow. */
export function measureUse(
  planned: PlannedUse,
  { estimates, prices, prompts = [planned.prompt] }: {
    estimates: Pick<Estimates, 'prompt'>
    prices: PriceBook
    prompts?: readonly Prompt[] | undefined
  },
): MeasuredUse {
  const { model, storedTokens = 0, hasTokens = true } = planned
  const size = addSizes(prompts.map(sizeOfPrompt))
  const price = prices.find(model)
  const { bound, expected } = hasTokens ? estimates.prompt(model, size) : NO_TOKENS
  return {
    ...planned,
    size,
    promptTokens: { bound: bound + storedTokens, expected: expected + storedTokens },
    price: price && counts(price, planned) ? price : undefined,
    prompts: prompts.length,
  }
}

/** Whether the units of a price are known. Speech, images and transcriptions have no tokens. */
function counts(
  { metric }: Price,
  { hasTokens = true, searchUnits, prompt }: PlannedUse,
): boolean {
  switch (metric) {
    case 'tokens':
      return hasTokens
    case 'characters':
      return prompt.type !== 'texts' || prompt.texts.length > 0 || prompt.images !== undefined
    case 'searchUnits':
      return searchUnits !== undefined
    case 'requests':
      return true
  }
}

/** The most that a plan may use, in addition to `base`. */
export function worstUse(use: MeasuredUse, base: WorstUse = NOTHING): WorstUse {
  const { calls, answers, promptTokens: { bound, expected }, price, size } = use
  const worst = price && worstCase(price, {
    promptTokens: bound,
    promptCharacters: size.characters,
    searchUnits: use.searchUnits ?? 0,
    requests: use.prompts,
  })
  return {
    tokens: {
      bound: base.tokens.bound + bound * calls,
      expected: base.tokens.expected + expected * calls,
      perOutputToken: answers,
    },
    cost: worst && {
      fixed: (base.cost?.fixed ?? 0) + worst.fixed * calls,
      perOutputToken: worst.perOutputToken * answers,
    },
  }
}

/** The same use with a known number of output tokens. */
export function withOutput({ tokens, cost }: WorstUse, output: number): WorstUse {
  const used = tokens.perOutputToken * output
  return {
    tokens: { bound: tokens.bound + used, expected: tokens.expected + used, perOutputToken: 0 },
    cost: cost && { fixed: cost.fixed + cost.perOutputToken * output, perOutputToken: 0 },
  }
}

const NO_TOKENS = { bound: 0, expected: 0 }
const NOTHING: WorstUse = {
  tokens: { bound: 0, expected: 0, perOutputToken: 0 },
  cost: { fixed: 0, perOutputToken: 0 },
}

function sizeOfPrompt(prompt: Prompt): PromptSize {
  switch (prompt.type) {
    case 'chat':
      return sizeOfChat(prompt.request)
    case 'body':
      return sizeOfBody(prompt.body)
    case 'texts': {
      const size = sizeOfTexts(prompt.texts)
      return { ...size, mediaTokens: size.mediaTokens + (prompt.images ?? 0) * IMAGE_TOKENS }
    }
  }
}

function addSizes(sizes: readonly PromptSize[]): PromptSize {
  const sum = (read: (size: PromptSize) => number) =>
    sizes.reduce((total, size) => total + read(size), 0)
  return {
    bytes: sum(({ bytes }) => bytes),
    characters: sum(({ characters }) => characters),
    items: sum(({ items }) => items),
    mediaTokens: sum(({ mediaTokens }) => mediaTokens),
  }
}
