import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import { childController } from '../async/child-controller.ts'
import { withTimeout } from '../../timeout.ts'
import { readPages } from '../http/read-pages.ts'
import type { SendContext } from '../http/send.ts'
import { upstreamUrl } from '../http/upstream-url.ts'
import type { ControlPlane } from './look-up.ts'
import { type ModelFacts, secondsOf, tasksAmong } from './model-facts.ts'

/** The control plane of one region, and the compartment whose models are listed. */
export interface RegionalControlPlane extends ControlPlane {
  compartmentId: string
  /** The region's id; empty to leave `regions` out. */
  region: string
}

const MAX_PAGES = 50
/** Milliseconds to wait for model discovery, without which the list has fewer details. */
const DISCOVERY_TIMEOUT = 10_000

const Dated = {
  timeDeprecated: v.nullish(v.string()),
  timeOnDemandRetired: v.nullish(v.string()),
  timeDedicatedRetired: v.nullish(v.string()),
}
const ModelPage = v.object({
  items: v.array(v.object({
    displayName: v.nullish(v.string()),
    capabilities: v.nullish(v.array(v.string())),
    lifecycleState: v.nullish(v.string()),
    timeCreated: v.nullish(v.string()),
    ...Dated,
  })),
})

/** Reads a region's list of models. Fine-tuning bases have the same name as their model. */
export async function readModelFacts(
  oci: RegionalControlPlane,
  call: SendContext,
): Promise<ModelFacts[]> {
  const pages = await readAll('models', ModelPage, [], oci, call)
  const models = pages.flatMap(({ items }) => items)
    .filter(({ lifecycleState }) => (lifecycleState ?? 'ACTIVE') === 'ACTIVE')
    .map(({ displayName, capabilities, timeCreated, ...dates }): ModelFacts => ({
      ...{
        id: displayName ?? '',
        tasks: tasksAmong(capabilities),
        created: secondsOf(timeCreated),
      },
      ...datesOf(dates),
      ...{ serving: [], replacements: [], regions: oci.region === '' ? [] : [oci.region] },
      ...{ inputs: undefined, maxOutputTokens: undefined },
    }))
    .filter(({ id, tasks }) => id !== '' && tasks.length > 0)
  return [...new Map(models.map((model) => [model.id, model])).values()]
}

const Discovered = v.object({
  items: v.array(v.object({
    modelId: v.nullish(v.string()),
    capabilities: v.nullish(v.array(v.string())),
    availability: v.nullish(v.array(v.object({
      region: v.nullish(v.string()),
      servingModes: v.nullish(v.array(v.string())),
      supportedReplacements: v.nullish(v.array(v.string())),
      ...Dated,
    }))),
    modalitySupport: v.nullish(v.array(v.object({ input: v.nullish(v.string()) }))),
    parameters: v.nullish(v.array(v.object({
      name: v.nullish(v.string()),
      maximum: v.nullish(v.union([v.number(), v.string()])),
    }))),
  })),
})
type DiscoveredModel = v.InferOutput<typeof Discovered>['items'][number]

/**
 * Reads what model discovery says about the models of regions: one entry per model and region, or
 * none if it does not answer in time.
 */
export async function discoverModels(
  regions: readonly string[],
  oci: Omit<RegionalControlPlane, 'region'>,
  call: SendContext,
): Promise<ModelFacts[]> {
  const filters = regions.map((region) => ['region', region] as const)
  const controller = childController(call.signal)
  const asking = { ...call, signal: controller.signal }
  const reading = readAll('modelDiscovery', Discovered, filters, oci, asking)
  const pages = await withTimeout(DISCOVERY_TIMEOUT, reading)
  if (!pages) controller.abort()
  return (pages ?? []).flatMap(({ items }) => items).flatMap((model) => factsOf(model, regions))
}

function factsOf(model: DiscoveredModel, regions: readonly string[]): ModelFacts[] {
  const { modelId, capabilities, availability, modalitySupport, parameters } = model
  const tasks = tasksAmong(capabilities)
  if (!modelId || modelId.startsWith('ocid1.') || tasks.length === 0) return []
  const shared = {
    ...{ id: modelId, tasks, created: undefined },
    inputs: inputsOf((modalitySupport ?? []).map(({ input }) => input ?? '')),
    maxOutputTokens: outputOf(parameters ?? []),
  }
  return (availability ?? []).flatMap((place) => {
    const { region, servingModes, supportedReplacements, ...dates } = place
    if (!region || !regions.includes(region)) return []
    const serving = (servingModes ?? []).flatMap((mode) =>
      mode === 'ON_DEMAND' ? 'on_demand' as const : mode === 'DEDICATED' ? 'dedicated' as const : []
    )
    const replacements = supportedReplacements ?? []
    return [{ ...shared, ...datesOf(dates), serving, replacements, regions: [region] }]
  })
}

const INPUTS = ['text', 'image', 'document', 'audio', 'video'] as const

/** The kinds in modalities such as `TEXT` and `IMAGE_TEXT`. */
function inputsOf(modalities: readonly string[]): ModelFacts['inputs'] {
  const words = new Set(modalities.flatMap((modality) => modality.toLowerCase().split(/[^a-z]+/)))
  const inputs = INPUTS.filter((kind) => words.has(kind))
  return inputs.length > 0 ? inputs : undefined
}

/** The maximum of the output limit, whose name differs between models. */
function outputOf(parameters: NonNullable<DiscoveredModel['parameters']>): number | undefined {
  const limit = parameters.find(({ name }) =>
    /^max(?:completion|output)?tokens$/i.test((name ?? '').replaceAll('_', ''))
  )
  const maximum = Number(limit?.maximum ?? NaN)
  return Number.isInteger(maximum) && maximum > 0 ? maximum : undefined
}

function datesOf(dates: { [Name in keyof typeof Dated]?: string | null | undefined }) {
  return {
    deprecatedAt: secondsOf(dates.timeDeprecated),
    onDemandUntil: secondsOf(dates.timeOnDemandRetired),
    dedicatedUntil: secondsOf(dates.timeDedicatedRetired),
  }
}

async function readAll<Schema extends v.GenericSchema>(
  list: 'models' | 'modelDiscovery',
  schema: Schema,
  filters: readonly (readonly [string, string])[],
  oci: Omit<RegionalControlPlane, 'region'>,
  { requestId, signal }: SendContext,
): Promise<v.InferOutput<Schema>[]> {
  const pages = readPages(
    (page) => {
      const url = upstreamUrl(oci.control, ['20231130', list], [
        ['compartmentId', oci.compartmentId],
        ['limit', '100'],
        ...filters,
        ...page,
      ])
      return oci.send({ method: 'GET', url, requestId }, signal)
    },
    { schema, maxPages: MAX_PAGES, idle: oci.timeouts.idle, signal, unreadable },
  )
  return await Array.fromAsync(pages)
}

function unreadable(): ApiError {
  return new ApiError('upstream_invalid_response', "Cannot read OCI's models: unknown shape")
}
