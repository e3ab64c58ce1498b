import type { InputKind } from './model-profile.ts'

export type ModelTask = 'chat' | 'embeddings' | 'rerank'

/** How a model is served. */
export type Serving = 'on_demand' | 'dedicated'

/** What OCI says about a model, in one region or in all that are configured. */
export interface ModelFacts {
  id: string
  tasks: readonly ModelTask[]
  /** Dates in seconds since the epoch; `undefined` if OCI does not report them. */
  created: number | undefined
  deprecatedAt: number | undefined
  onDemandUntil: number | undefined
  dedicatedUntil: number | undefined
  /** Empty if OCI does not report it. */
  serving: readonly Serving[]
  /** Models that OCI recommends instead of a retired one. */
  replacements: readonly string[]
  /** The regions that list it. */
  regions: readonly string[]
  inputs: readonly InputKind[] | undefined
  maxOutputTokens: number | undefined
}

/** The capabilities in OCI's lists for which the gateway has an endpoint. */
const TASKS = new Map<string, ModelTask>([
  ['CHAT', 'chat'],
  ['TEXT_EMBEDDINGS', 'embeddings'],
  ['TEXT_RERANK', 'rerank'],
])

/** Returns the tasks among capabilities of OCI. */
export function tasksAmong(capabilities: readonly string[] | null | undefined): ModelTask[] {
  return (capabilities ?? []).flatMap((capability) => TASKS.get(capability) ?? [])
}

/** Converts a date of OCI to seconds since the epoch. */
export function secondsOf(date: string | null | undefined): number | undefined {
  return Math.floor(Date.parse(date ?? '') / 1000) || undefined
}

/** Merges what regions say: a model is retired where the last region retires it. */
export function mergeRegions(lists: readonly (readonly ModelFacts[])[]): ModelFacts[] {
  const merged = new Map<string, ModelFacts>()
  for (const facts of lists.flat()) {
    const known = merged.get(facts.id)
    merged.set(facts.id, known ? mergeTwo(known, facts) : facts)
  }
  return [...merged.values()]
}

function mergeTwo(one: ModelFacts, other: ModelFacts): ModelFacts {
  return {
    ...one,
    tasks: union(one.tasks, other.tasks),
    created: one.created ?? other.created,
    deprecatedAt: latest(one.deprecatedAt, other.deprecatedAt),
    onDemandUntil: latest(one.onDemandUntil, other.onDemandUntil),
    dedicatedUntil: latest(one.dedicatedUntil, other.dedicatedUntil),
    serving: union(one.serving, other.serving),
    replacements: union(one.replacements, other.replacements),
    regions: union(one.regions, other.regions),
    inputs: one.inputs ?? other.inputs,
    maxOutputTokens: one.maxOutputTokens ?? other.maxOutputTokens,
  }
}

/** A model without a date in one region has none: that region still serves it. */
function latest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other)
}

function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return [...new Set([...one, ...other])]
}
