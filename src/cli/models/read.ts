import type { Environment } from '../../platform.ts'
import { type DirectGateway, failureOf, openDirectGateway, warningsOf } from '../direct-gateway.ts'
import type { Host } from '../host.ts'

/** A model of `GET /v1/models`: the members that the commands read. */
export interface ModelEntry {
  id: string
  owned_by: string
  /** The model that an alias stands for. */
  root?: string
  context_length?: number
  max_output_tokens?: number
  retired?: true
  /** Seconds since the epoch. */
  on_demand_until?: number
  capabilities: Readonly<Record<string, boolean>>
  /** Only where several regions are configured. */
  regions?: readonly string[]
}

/** The models of all configured regions. */
export interface RegionalModels {
  models: readonly ModelEntry[]
  /** The regions whose list OCI returned, in the order of the configuration. */
  regions: readonly string[]
  /** The regions of the configuration. */
  configured: readonly string[]
}

interface RegionList {
  region: string
  models: readonly ModelEntry[]
  /** Whether it is OCI's list, not the built-in one. */
  isComplete: boolean
}

interface ReadOptions {
  env: Environment
  includeRetired: boolean
  /** Writes lines to standard error. */
  print(text: string): void
}

/**
 * Reads the list of models of each configured region and merges the lists. Prints a warning for a
 * region whose list cannot be read, and uses the built-in list only if all regions failed.
 */
export async function readModels(host: Host, options: ReadOptions): Promise<RegionalModels> {
  const gateway = await openDirectGateway(host, options.env, options.print)
  const { config: { regions, controlEndpoint }, region } = gateway
  // A configured control endpoint is the one of all regions.
  const others = controlEndpoint ? [] : regions.slice(1)
  const lists = await Promise.all([
    readRegion(host, region, gateway, options),
    ...others.map(async (other) => {
      const env = { ...options.env, OCI_REGION: other }
      return readRegion(host, other, await openDirectGateway(host, env, options.print), options)
    }),
  ])
  const complete = lists.filter(({ isComplete }) => isComplete)
  const configured = lists.map((list) => list.region)
  return {
    models: merge(complete.length > 0 ? complete : lists.slice(0, 1), configured.length > 1),
    regions: complete.map((list) => list.region),
    configured,
  }
}

async function readRegion(
  { signal }: Host,
  region: string,
  gateway: DirectGateway,
  { includeRetired, print }: ReadOptions,
): Promise<RegionList> {
  const { entries, warning } = await listModels(gateway, { signal, includeRetired })
  if (warning !== undefined) print(`${region}: ${warning}`)
  return { region, models: entries, isComplete: warning === undefined }
}

interface ListOptions {
  signal: AbortSignal
  includeRetired: boolean
}

/** Reads the list of models of a gateway. It is the built-in one if there is a warning. */
export async function listModels(
  gateway: DirectGateway,
  { signal, includeRetired }: ListOptions,
): Promise<{ entries: readonly ModelEntry[]; warning: string | undefined }> {
  const query = includeRetired ? '?retired=true' : ''
  const response = await gateway.request(`/v1/models${query}`, { signal })
  signal.throwIfAborted()
  if (!response.ok) throw await failureOf(response)
  const { data } = await response.json() as { data: readonly ModelEntry[] }
  return { entries: data, warning: warningsOf(response) }
}

/** One entry per model. With one region, they are those of `/v1/models` without a change. */
function merge(lists: readonly RegionList[], isRegional: boolean): readonly ModelEntry[] {
  const merged = new Map<string, ModelEntry>()
  for (const { region, models, isComplete } of lists) {
    for (const model of models) {
      const known = merged.get(model.id)
      const isServed = isComplete && isListed(model, models)
      const regions = [...known?.regions ?? [], ...(isServed ? [region] : [])]
      merged.set(model.id, isRegional ? { ...(known ?? model), regions } : model)
    }
  }
  return [...merged.values()]
}

/** An alias is in the list even where OCI does not serve its model. */
export function isListed({ root }: ModelEntry, models: readonly ModelEntry[]): boolean {
  return root === undefined || models.some(({ id }) => id === root)
}
