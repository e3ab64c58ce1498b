import {
  DEFAULT_MODELS,
  ENDPOINTS,
  type Model,
  modelOcid,
  MODELS,
  ROUTING_PROFILES,
} from './catalogue.ts'
import type { Directives } from './directives.ts'
import { readNameDirectives } from './read-directives.ts'
import { notFound, type ServiceError } from './service-error.ts'

/** The `servingMode` of a request, checked against the field table. */
export type ServingMode =
  | { servingType: 'ON_DEMAND'; modelId: string }
  | { servingType: 'DEDICATED'; endpointId: string }

/** The model that answers a request, and its limits. */
export interface ResolvedModel {
  model: Model
  /** The model or endpoint as the request names it. */
  requestedId: string
  /** The model or endpoint as the answer names it. */
  answeredId: string
  /** The region that is selected for a routing profile. */
  selectedRegion?: string
  directives: Directives
  /** The maximum of output tokens. */
  maxOutputTokens: number
}

/** OCI's output limit for on-demand models that OCI hosts itself. */
const ON_DEMAND_CAP = 4_000

/** Resolves a serving mode to a model with the capability. */
export function resolveModel(
  mode: ServingMode,
  capability: Model['capability'],
  host: string,
  now: number,
): ResolvedModel | ServiceError {
  if (mode.servingType === 'DEDICATED') return findDedicated(mode.endpointId, capability, host)
  const { modelId } = mode
  if (isInOtherRegion(modelId, host)) return notFound(`"${modelId}" is in another region`)
  const profile = ROUTING_PROFILES.find(({ id }) => id === modelId)
  const { base, directives } = splitName(profile?.model.name ?? modelId)
  const model = directives && modelOf(base)
  if (!model || model.capability !== capability) return unknownModel(modelId)
  if (Date.parse(model.retired ?? '') <= now) return unknownModel(modelId)
  const isCapped = /^(?:meta|cohere)\./.test(model.name)
  return {
    ...{ model, requestedId: modelId, directives },
    answeredId: profile ? model.name : modelId,
    ...(profile && { selectedRegion: profile.regions[0] }),
    maxOutputTokens: isCapped ? ON_DEMAND_CAP : Infinity,
  }
}

function findDedicated(
  endpointId: string,
  capability: Model['capability'],
  host: string,
): ResolvedModel | ServiceError {
  const endpoint = ENDPOINTS.find(({ id }) => id === endpointId)
  if (!endpoint || isInOtherRegion(endpointId, host)) return notFound(`no endpoint "${endpointId}"`)
  const { model, directives } = endpoint
  if (model.capability !== capability) {
    return notFound(`"${endpointId}" has no capability ${capability}`)
  }
  const names = { requestedId: endpointId, answeredId: endpointId }
  return { model, ...names, directives, maxOutputTokens: Infinity }
}

/** Short codes of regions, which OCIDs may have instead of ids. */
const CODES = new Map([['iad', 'us-ashburn-1'], ['ord', 'us-chicago-1'], ['fra', 'eu-frankfurt-1']])

/** Compares the region of an OCID (its fourth part) with that of an OCI host. */
export function isInOtherRegion(id: string, host: string): boolean {
  const [, hostRegion] = /\bgenerativeai\.([a-z]+-[a-z-]+-\d)\./.exec(host) ?? []
  const part = id.startsWith('ocid1.') ? id.split('.')[3] ?? '' : undefined
  const region = part && (CODES.get(part) ?? part)
  return hostRegion !== undefined && region !== undefined && hostRegion !== region
}

function splitName(name: string): { base: string; directives: Directives | undefined } {
  const at = name.indexOf('.sim-')
  if (at < 0) return { base: name, directives: new Map() }
  const { directives, unknown } = readNameDirectives(name.slice(at + '.sim-'.length))
  return { base: name.slice(0, at), directives: unknown === undefined ? directives : undefined }
}

function modelOf(base: string): Model | undefined {
  const direct = MODELS.get(DEFAULT_MODELS.get(base) ?? base)
  return direct ?? [...MODELS.values()].find(({ name }) => modelOcid(name) === base)
}

function unknownModel(name: string): ServiceError {
  return {
    status: 404,
    code: '404',
    message: `Entity with key ${name} not found`,
    reason: 'unknown model',
  }
}
