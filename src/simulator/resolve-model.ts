import { DEFAULT_MODELS, ENDPOINTS, type Model, modelOcid, MODELS } from './catalogue.ts'
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
  const { base, directives } = splitName(modelId)
  const model = directives && modelOf(base)
  if (!model || model.capability !== capability) return unknownModel(modelId)
  if (Date.parse(model.retired ?? '') <= now) return unknownModel(modelId)
  const isCapped = /^(?:meta|cohere)\./.test(model.name)
  return {
    model,
    requestedId: modelId,
    directives,
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
  return { model, requestedId: endpointId, directives, maxOutputTokens: Infinity }
}

/** Compares the region of an OCID (its fourth part) with that of an OCI host. */
function isInOtherRegion(id: string, host: string): boolean {
  const [, hostRegion] = /\bgenerativeai\.([a-z]+-[a-z-]+-\d)\./.exec(host) ?? []
  const region = id.startsWith('ocid1.') ? id.split('.')[3] : undefined
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
