import type { CountedCall, TokenCounts } from '../oci/call.ts'
import { cost } from '../prices/cost.ts'
import type { Consumption, Cost, Price } from '../prices/price.ts'
import type { Estimates } from './estimates.ts'
import type { MeasuredUse } from './measure.ts'
import { sizeOfText } from './prompt-size.ts'

/** What one call used. */
export interface CallUse extends Consumption {
  reasoningTokens: number
  /** Whether token counts are estimated, because OCI reported none. */
  isEstimated: boolean
  /** `undefined` for a model without a price. */
  cost: Cost | undefined
}

export interface CallCounterOptions {
  region: string
  /** Whether the answer is a stream of text. */
  isStreamed: boolean
  /** Output tokens that each answer may have. */
  output: number
  /** Whether the output is limited to what was learned of the model. */
  isLearnedLimit?: boolean | undefined
  estimates: Pick<Estimates, 'prompt' | 'completion95' | 'learn'>
  now(): number
  /** Keeps the tokens of a conversation that OCI stores. */
  remember(id: string, tokens: number): void
  /** Reserves one more call like this one. */
  repeat(): Promise<boolean>
  /** The price of a model that OCI has selected. */
  priceOf(model: string): Price | undefined
}

/** UTF-8 bytes for each token of text: fewer than in any language with known vocabularies. */
const BYTES_PER_TOKEN = 3

/** More tokens than any call has. */
const MAX_COUNT = 1e12

const NO_USE: CallUse = {
  ...{ promptTokens: 0, cachedTokens: 0, completionTokens: 0, reasoningTokens: 0 },
  ...{ promptCharacters: 0, answerCharacters: 0, searchUnits: 0, requests: 0 },
  ...{ isEstimated: false, cost: undefined },
}

/** Counts one call of a plan. */
export class CallCounter implements CountedCall {
  use: MeasuredUse
  region: string
  readonly #options: CallCounterOptions
  readonly #answersPerCall: number
  #bytes = 0
  #characters = 0
  #counts: TokenCounts | undefined
  #isComplete = false
  #firstAt: number | undefined
  isRefused = false

  constructor(use: MeasuredUse, options: CallCounterOptions) {
    this.use = use
    this.region = options.region
    this.#options = options
    this.#answersPerCall = Math.max(1, use.answers / use.calls)
  }

  /** When the first text arrived, in milliseconds since the epoch. */
  get firstTextAt(): number | undefined {
    return this.#firstAt
  }

  text(text: string): void {
    if (this.#options.isStreamed) this.#firstAt ??= this.#options.now()
    const { bytes, characters } = sizeOfText(text)
    this.#bytes += bytes
    this.#characters += characters
  }

  usage({ prompt, completion, cached, reasoning }: TokenCounts): number | undefined {
    this.#counts = {
      prompt: wholeCount(prompt),
      completion: completion && wholeCount(completion),
      cached: cached && wholeCount(cached),
      reasoning: reasoning && wholeCount(reasoning),
    }
    return this.result().cost?.nanoDollars
  }

  servedBy({ region, model }: { region?: string | undefined; model?: string | undefined }): void {
    this.region = region ?? this.region
    const { model: planned, price: known } = this.use
    // Some regions name a model without its vendor.
    if (model === undefined || planned === model || planned.endsWith(`.${model}`)) return
    const price = this.#options.priceOf(model) ?? known
    this.use = { ...this.use, model, price }
  }

  complete(storedId?: string): void {
    this.#isComplete = true
    if (storedId === undefined || this.#counts === undefined) return
    const { prompt, completion = 0 } = this.#counts
    this.#options.remember(storedId, prompt + completion)
  }

  refuse(): void {
    this.isRefused = this.#bytes === 0 && this.#counts === undefined
  }

  repeat(): boolean | Promise<boolean> {
    return this.isRefused || this.#options.repeat()
  }

  /** What the call has used so far. */
  result(): CallUse {
    const { use } = this
    if (this.isRefused) return { ...NO_USE, cost: use.price && freeOf(use.price.date) }
    const { prompt, completion = 0, cached = 0, reasoning = 0 } = this.#counts ?? this.#estimate()
    const consumption = {
      promptTokens: prompt,
      cachedTokens: Math.min(cached, prompt),
      completionTokens: completion,
      promptCharacters: use.size.characters,
      answerCharacters: this.#characters,
      searchUnits: use.searchUnits ?? 0,
      requests: 1,
    }
    return {
      ...consumption,
      reasoningTokens: Math.min(reasoning, completion),
      isEstimated: this.#counts === undefined,
      cost: use.price && cost(use.price, consumption),
    }
  }

  /** Lets the estimates learn from a call whose tokens OCI has counted. */
  learn(): void {
    if (this.#counts === undefined || this.use.storedTokens) return
    const { size, model } = this.use
    const { prompt, completion } = this.#counts
    const completionTokens = this.#lengthOf(completion)
    this.#options.estimates.learn(model, { size, promptTokens: prompt, completionTokens })
  }

  /** The length of a complete answer. One that the learned limit has cut counts as twice as long. */
  #lengthOf(completion: number | undefined): number | undefined {
    const isOne = this.#isComplete && this.#answersPerCall === 1
    if (!isOne || completion === undefined) return undefined
    const { output, isLearnedLimit } = this.#options
    if (completion < output) return completion
    return isLearnedLimit ? 2 * completion : undefined
  }

  #estimate(): TokenCounts {
    const { estimates, output, isStreamed } = this.#options
    const { model, promptTokens } = this.use
    const most = output * this.#answersPerCall
    const isKnown = isStreamed || this.#isComplete || this.#bytes > 0
    // OCI may have written a whole answer that was lost.
    const completion = isKnown
      ? Math.ceil(this.#bytes / BYTES_PER_TOKEN)
      : estimates.completion95(model) ?? most
    return { prompt: promptTokens.expected, completion: Math.min(most, completion) }
  }
}

/**
 * A count of OCI as the ledger keeps it. A fraction would have no exact cost, and a negative count
 * would give a budget back.
 */
function wholeCount(count: number): number {
  return Math.min(Math.max(0, Math.ceil(count)), MAX_COUNT)
}

function freeOf(pricesAsOf: string): Cost {
  return { nanoDollars: 0, partNumbers: [], pricesAsOf }
}
