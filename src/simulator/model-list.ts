import {
  ENDPOINTS,
  FAULT_MODELS,
  IMPORTED_MODELS,
  type Model,
  modelOcid,
  MODELS,
  ROUTING_PROFILES,
} from './catalogue.ts'

/** An entry of `GET /models`. */
export interface ModelSummary {
  id: string
  compartmentId: null
  displayName: string
  vendor: string
  version: string
  type: 'BASE' | 'CUSTOM'
  capabilities: readonly string[]
  lifecycleState: string
  lifecycleDetails: string
  timeCreated: string
  isLongTermSupported: boolean
  timeDeprecated: string | null
  timeOnDemandRetired: string | null
  timeDedicatedRetired: string | null
  freeformTags: Readonly<Record<string, string>>
  definedTags: Readonly<Record<string, string>>
}

/** An entry of `GET /endpoints`. */
export interface EndpointSummary {
  id: string
  displayName: string
  modelId: string
  compartmentId: string
  dedicatedAiClusterId: string
  lifecycleState: string
  timeCreated: string
  contentModerationConfig: { isEnabled: boolean; mode: string }
}

/** Models with a second entry, as base models for fine-tuning. */
const FINE_TUNED = ['meta.llama-3.3-70b-instruct', 'cohere.command-r-08-2024']
/** A model in the state `DELETED`. */
const DELETED = 'meta.llama-3-70b-instruct'

/** All entries of the model list, in its order. */
export function listModels(): readonly ModelSummary[] {
  const models = [...MODELS.values()].map(({ name, capability, created, deprecated, retired }) => ({
    ...summaryOf(name, [capability]),
    timeCreated: created,
    timeDeprecated: deprecated ?? retired ?? null,
    timeOnDemandRetired: retired ?? null,
  }))
  const fineTuningBases = FINE_TUNED.map((name) => ({
    ...summaryOf(name, ['TEXT_GENERATION', 'TEXT_SUMMARIZATION', 'FINE_TUNE']),
    id: modelOcid(name, 'finetune'),
  }))
  const faults = FAULT_MODELS.map((name) => summaryOf(name, ['CHAT']))
  const deleted = { ...summaryOf(DELETED, ['CHAT']), lifecycleState: 'DELETED' }
  return [...models, ...fineTuningBases, deleted, ...faults]
}

/** An entry of `GET /modelDiscovery`. */
export interface DiscoveredModel {
  modelId: string
  vendor: string
  capabilities: readonly string[]
  apiCapability: readonly string[]
  availability: readonly object[]
  modalitySupport: readonly { input: string; output: string }[]
  modelAccess: 'HOSTED' | 'PROXY'
  parameters: readonly object[]
}

/** When dedicated clusters stop to serve retired models. */
const DEDICATED_END = '2031-01-01T00:00:00.000Z'

/** Models for which a replacement is recommended. */
const REPLACEMENTS = new Map([['meta.llama-3.1-70b-instruct', ['meta.llama-3.3-70b-instruct']]])

/** All models that one of the regions serves, as model discovery describes them. */
export function listDiscovered(
  regions: readonly string[],
  served: (region: string) => readonly string[] | undefined,
  now: number,
): readonly DiscoveredModel[] {
  return [...MODELS.values()].flatMap((model) => {
    const { name, capability, inputs } = model
    const vendor = name.split('.')[0] ?? ''
    const offering = regions.filter((region) => served(region)?.includes(name) !== false)
    if (offering.length === 0) return []
    const isProxy = vendor === 'google' || vendor === 'xai'
    const isCapped = capability === 'CHAT' && (vendor === 'meta' || vendor === 'cohere')
    return [{
      ...{ modelId: name, vendor, capabilities: [capability], apiCapability: apisOf(name) },
      availability: offering.map((region) => availabilityOf(model, region, now)),
      modalitySupport: inputs.map((input) => ({ input, output: 'TEXT' })),
      modelAccess: isProxy ? 'PROXY' : 'HOSTED',
      parameters: [
        { name: 'temperature', type: 'FLOAT', minimum: 0, maximum: 2, defaultValue: '1' },
        ...(isCapped ? [{ name: 'max_tokens', type: 'INTEGER', minimum: 1, maximum: 4_000 }] : []),
      ],
    }]
  })
}

function apisOf(name: string): readonly string[] {
  if (name.startsWith('cohere.')) return []
  const chat = 'OPENAI_V1_CHAT_COMPLETIONS'
  return name.startsWith('meta.') ? [chat] : [chat, 'OPENAI_V1_RESPONSES']
}

function availabilityOf({ name, deprecated, retired }: Model, region: string, now: number): object {
  const isOver = retired !== undefined && Date.parse(retired) < now
  return {
    ...{ realm: 'oc1', region, servingModes: [...(isOver ? [] : ['ON_DEMAND']), 'DEDICATED'] },
    ...{ timeDeprecated: deprecated ?? retired ?? null, timeOnDemandRetired: retired ?? null },
    ...{ timeDedicatedRetired: isOver ? DEDICATED_END : null },
    ...{ supportedReplacements: REPLACEMENTS.get(name) ?? [] },
  }
}

/** All imported models. Their capability has another name than that of OCI's own models. */
export function listImportedModels(): readonly ModelSummary[] {
  return [...IMPORTED_MODELS.keys()].map((name) => ({
    ...summaryOf(name, ['TEXT_TO_TEXT']),
    vendor: 'imported',
    type: 'CUSTOM',
  }))
}

/** All endpoints, as entries of one compartment. */
export function listEndpoints(compartmentId: string): readonly EndpointSummary[] {
  return ENDPOINTS.map(({ id, name, model }) => ({
    id,
    displayName: name,
    modelId: modelOcid(model.name),
    compartmentId,
    dedicatedAiClusterId: id.replace('generativeaiendpoint', 'generativeaidedicatedaicluster'),
    lifecycleState: 'ACTIVE',
    timeCreated: '2026-01-10T10:00:00.000Z',
    contentModerationConfig: { isEnabled: false, mode: 'INFORM' },
  }))
}

/** An entry of `GET /routingProfiles`. */
export interface ProfileSummary {
  id: string
  displayName: string
  compartmentId: string
  modelRoutingPolicy: { allowedModels: readonly string[] }
  regionRoutingPolicy: { allowedRegions: readonly string[] }
  lifecycleState: string
}

/** All routing profiles, as entries of one compartment. */
export function listProfiles(compartmentId: string): readonly ProfileSummary[] {
  return ROUTING_PROFILES.map(({ id, name, model, regions }) => ({
    ...{ id, displayName: name, compartmentId, lifecycleState: 'ACTIVE' },
    modelRoutingPolicy: { allowedModels: [model.name] },
    regionRoutingPolicy: { allowedRegions: regions },
  }))
}

function summaryOf(name: string, capabilities: readonly string[]): ModelSummary {
  return {
    id: modelOcid(name),
    compartmentId: null,
    displayName: name,
    vendor: name.split('.')[0] ?? '',
    version: '1.0.0',
    type: 'BASE',
    capabilities,
    lifecycleState: 'ACTIVE',
    lifecycleDetails: 'Creating Base Model',
    timeCreated: '2025-05-14T00:00:00.000Z',
    isLongTermSupported: false,
    timeDeprecated: null,
    timeOnDemandRetired: null,
    timeDedicatedRetired: null,
    freeformTags: {},
    definedTags: {},
  }
}
