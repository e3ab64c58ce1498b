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
  deprecated?: true
  /** Seconds since the epoch. */
  on_demand_until?: number
  /** `on_demand`, `dedicated`; absent if OCI does not report it. */
  serving?: readonly string[]
  capabilities: Readonly<Record<string, boolean>>
  /** Those that list it; absent if OCI's list could not be read. */
  regions?: readonly string[]
}

/** The models of all configured regions. */
export interface RegionalModels {
  models: readonly ModelEntry[]
  /** The regions of the configuration. */
  configured: readonly string[]
  /** Whether the list of a region could not be read. */
  isIncomplete: boolean
}

interface ReadOptions {
  env: Environment
  includeRetired: boolean
  /** Writes lines to standard error. */
  print(text: string): void
}

/** Reads the list of models of all configured regions. Prints its warnings. */
export async function readModels(
  host: Host,
  { env, includeRetired, print }: ReadOptions,
): Promise<RegionalModels> {
  const gateway = await openDirectGateway(host, env, print)
  const { signal } = host
  const { entries, warning } = await listModels(gateway, { signal, includeRetired })
  if (warning !== undefined) print(warning)
  const configured = [gateway.region, ...gateway.config.regions.slice(1)]
  return { models: entries, configured, isIncomplete: warning !== undefined }
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
