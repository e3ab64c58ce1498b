import {
  type Capabilities,
  createCapabilities,
  type ModelCapabilities,
} from '../../config/capabilities.ts'
import { displayUsd } from '../../prices/money.ts'
import type { Experiment } from './experiment.ts'
import type { CostBound, Outcome } from './run-experiments.ts'

/** Says what will be called, and what it costs at most. */
export function describePlan(experiments: readonly Experiment[], bound: CostBound): string {
  const models = [...new Set(experiments.map(({ model }) => model))]
  const unpriced = bound.unpriced.length > 0
    ? ` Without a known price: ${bound.unpriced.join(', ')}.`
    : ''
  return `At most ${bound.calls} small requests to ${models.join(', ')}.\n` +
    `They cost at most ${displayUsd(bound.nanoDollars)} at list prices.${unpriced}\n`
}

/** Merges what all experiments show. */
export function toCapabilities(
  outcomes: readonly Outcome[],
  { gateway, createdAt }: Pick<Capabilities, 'gateway' | 'createdAt'>,
): Capabilities {
  const models: Record<string, ModelCapabilities> = {}
  let aliases: Record<string, string> = {}
  let nativeBearer: boolean | undefined
  for (const { finding } of outcomes) {
    for (const [pattern, found] of Object.entries(finding?.models ?? {})) {
      models[pattern] = { ...models[pattern], ...found }
    }
    aliases = { ...aliases, ...finding?.aliases }
    nativeBearer ??= finding?.nativeBearer
  }
  return createCapabilities({
    ...{ gateway, createdAt },
    ...(nativeBearer !== undefined && { nativeBearer }),
    ...(Object.keys(aliases).length > 0 && { aliases }),
    models,
    evidence: outcomes.map(({ experiment: { question, model }, result }) => ({
      ...{ question, model, result },
    })),
  })
}

/** The report for people, which may be published. */
export function describeOutcomes(capabilities: Capabilities, calls: number): string {
  const { gateway, createdAt, evidence } = capabilities
  const rows = evidence.map(({ question, model, result }) => `${question}, ${model}: ${result}\n`)
  return `oci-genai-gateway ${gateway}, ${createdAt.slice(0, 10)}, ${calls} calls\n${rows.join('')}`
}
