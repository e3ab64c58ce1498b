/** What a price counts: Oracle's metric. */
export type PriceMetric = 'tokens' | 'characters' | 'searchUnits' | 'requests'

/**
 * A rate as an exact fraction: `nanoDollars` for `per` units. USD 3 for a million tokens is
 * `{ nanoDollars: 3_000_000_000, per: 1_000_000 }`.
 */
export interface Rate {
  nanoDollars: number
  per: number
  /** Oracle's part number, such as `B112080`. */
  partNumber?: string | undefined
}

/** The rates for prompts of up to `maxPromptTokens`; the last tier has no maximum. */
export interface PriceTier {
  maxPromptTokens?: number | undefined
  input: Rate
  /** Prompt tokens that OCI reports as cached; `input` if absent. */
  cached?: Rate | undefined
  /** Absent where only the input is billed (embeddings, rerank). */
  output?: Rate | undefined
}

/** The price of a model. */
export interface Price {
  /** OCI's name of the model, or a pattern that ends in `*`. */
  model: string
  metric: PriceMetric
  /** By prompt length, shortest first. */
  tiers: readonly [PriceTier, ...PriceTier[]]
  /** Where the figures come from: an address, or `operator` for `prices set`. */
  source: string
  /** When they were read there, `2026-11-28`. */
  date: string
}

/** What one answer consumed, in all units that a price may count. */
export interface Consumption {
  promptTokens: number
  cachedTokens: number
  /** Reasoning included. */
  completionTokens: number
  promptCharacters: number
  answerCharacters: number
  searchUnits: number
  /** Calls that OCI answered. */
  requests: number
}

/** What a call consumes before its output, at most. */
export type PlannedConsumption = Pick<
  Consumption,
  'promptTokens' | 'promptCharacters' | 'searchUnits' | 'requests'
>

/** The cost of one answer. */
export interface Cost {
  /** Rounded up to a whole nano-dollar once, for the sum. */
  nanoDollars: number
  /** The part numbers of the rates that were used. */
  partNumbers: readonly string[]
  pricesAsOf: string
}

/** The most that a call can cost: `fixed + perOutputToken × output tokens`, in nano-dollars. */
export interface WorstCase {
  fixed: number
  perOutputToken: number
}

/** Finds the price of a model: the stored ones first, then the built-in table. */
export interface PriceBook {
  find(model: string): Price | undefined
  /** The prices that `find` can return, by model. */
  list(): readonly Price[]
}
