import { BoundedMap } from '../bounded-map.ts'
import type { TokenRatio } from '../store/records.ts'
import { CompletionSketch } from './completion-sketch.ts'
import type { PromptSize } from './prompt-size.ts'

/** Tokens that the model's template adds to a request, and to each message and tool. */
const OVERHEAD = { request: 8, item: 8 }

/** Models whose estimates are kept, so that memory is bounded. */
const MAX_MODELS = 256

/** With fewer answers of a model, the expected tokens are the upper bound. */
const MIN_SAMPLES = 20

/** Added to what is learnt, because the next prompt may have more tokens per byte. */
const MARGIN = 1.25

/** The highest ratio loses half of its excess in about 700 requests. */
const DECAY = 0.999

/** In shorter prompts the model's template, not the text, decides about the ratio. */
const MIN_RATIO_TOKENS = 1_000

/** The tokens of a prompt before OCI has counted them. */
export interface PromptEstimate {
  /** The prompt has at most these tokens: for budgets, which must hold. */
  bound: number
  /** Learnt from the model's last answers, with a margin. At most `bound`: for rates per minute. */
  expected: number
}

/** What one answer was billed, with the size of its prompt. */
export interface BilledAnswer {
  size: PromptSize
  promptTokens: number
  /** Reasoning included. `undefined` if the answer ended at its output limit or was cut. */
  completionTokens: number | undefined
}

/** Estimates tokens by model, and learns from what OCI billed. */
export interface Estimates {
  prompt(model: string, size: PromptSize): PromptEstimate
  /** The 95th percentile of completion tokens, or `undefined` before enough answers. */
  completion95(model: string): number | undefined
  learn(model: string, answer: BilledAnswer): void
  /** Takes over what was learnt before, such as `Store.listRatios()`. */
  load(ratios: readonly TokenRatio[]): void
  /** What changed since the last call, for `Store.saveRatios()`. */
  takeChanges(): readonly TokenRatio[]
}

interface LearntModel {
  /** Billed tokens for each token of `upperBound`: the highest, decaying. 0 before the first. */
  ratio: number
  samples: number
  /** Tokens that short prompts were billed above `upperBound`: the highest since the start. */
  excess: number
  completions: CompletionSketch
  isChanged: boolean
}

/**
 * Returns the largest number of tokens that a prompt of this size has: one for each UTF-8 byte, and
 * constants for messages, tools and media.
 */
export function upperBound({ bytes, items, mediaTokens }: PromptSize): number {
  return bytes + mediaTokens + OVERHEAD.request + OVERHEAD.item * items
}

/** Creates estimates that have learnt nothing. */
export function createEstimates(): Estimates {
  const models = new BoundedMap<LearntModel>({ maxEntries: MAX_MODELS })
  const learnt = (model: string): LearntModel => {
    const known = models.get(model) ?? newModel()
    // Setting makes it the most recent.
    models.set(model, known)
    return known
  }
  return {
    prompt: (model, size) => estimate(upperBound(size), models.get(model)),
    completion95: (model) => models.get(model)?.completions.percentile95(),
    learn(model, answer) {
      learnFrom(answer, learnt(model))
    },
    load(ratios) {
      for (const { model, ratio, samples, completion95 } of ratios) {
        const completions = new CompletionSketch()
        if (completion95 !== undefined) completions.restore(completion95, samples)
        models.set(model, { ...newModel(), ratio, samples, completions })
      }
    },
    takeChanges() {
      const changed = [...models.entries()].filter(([, { isChanged }]) => isChanged)
      return changed.map(([model, known]) => {
        known.isChanged = false
        const { ratio, samples, completions } = known
        return { model, ratio, samples, completion95: completions.percentile95() }
      })
    },
  }
}

function newModel(): LearntModel {
  const completions = new CompletionSketch()
  return { ratio: 0, samples: 0, excess: 0, completions, isChanged: false }
}

function estimate(upper: number, learnt: LearntModel | undefined): PromptEstimate {
  if (learnt === undefined) return { bound: upper, expected: upper }
  const { ratio, samples, excess } = learnt
  // A model that was billed more than the upper bound has a tokenizer or a template of its own.
  const bound = Math.ceil(upper * Math.max(1, ratio > 1 ? ratio * MARGIN : 1)) + excess
  const expected = Math.ceil(upper * ratio * MARGIN) + excess
  return { bound, expected: samples < MIN_SAMPLES ? bound : Math.min(bound, expected) }
}

function learnFrom({ size, promptTokens, completionTokens }: BilledAnswer, learnt: LearntModel) {
  if (completionTokens !== undefined) learnt.completions.add(completionTokens)
  const upper = upperBound(size)
  if (upper < MIN_RATIO_TOKENS) {
    learnt.excess = Math.max(learnt.excess, promptTokens - upper)
  } else {
    learnt.ratio = Math.max(promptTokens / upper, learnt.ratio * DECAY)
    learnt.samples++
  }
  learnt.isChanged = true
}
