import { DEFAULT_MODELS, ENDPOINTS, type Model, modelOcid, MODELS } from './catalogue.ts'
import type { Directives } from './directives.ts'
import { readNameDirectives } from './read-directives.ts'
import { badParameter, notFound, type ServiceError } from './service-error.ts'

/** The `servingMode` of a request, its fields already checked. */
export type ServingMode =
  | { servingType: 'ON_DEMAND'; modelId: string }
  | { servingType: 'DEDICATED'; endpointId: string }

/** Who serves a request. */
export interface ResolvedModel {
  model: Model
  /** The model as the request requestedId it. */
  requestedId: string
  directives: Directives
  /** Tokens of output at most. */
  maxOutputTokens: number
}

/** What OCI allows of its own machines' models when they are not dedicated. */
const ON_DEMAND_CAP = 4_000

/** Finds the model behind a target mode, if it can do what is asked. */
export function resolveModel(
  mode: ServingMode,
  capability: Model['capability'],
  host: string,
  now: number,
): ResolvedModel | ServiceError {
  if (mode.servingType === 'DEDICATED') return findDedicated(mode.endpointId, capability, host)
  const { modelId } = mode
  if (isForeign(modelId, host)) return notFound(`"${modelId}" is of another region`)
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

/** Whether a caller may use a compartment: its own tenancy, or any but those that say they are denied. */
export function checkCompartment(compartment: string, keyId: string): ServiceError | undefined {
  const [, kind] = /^ocid1\.(tenancy|compartment)\.[\w-]+\.[\w-]*\.[\w-]+$/.exec(compartment) ?? []
  if (kind === undefined) return badParameter(`Invalid compartmentId: ${compartment}`)
  if (/\.denied$/.test(compartment)) return notFound('a denied compartment')
  const [tenancy = ''] = keyId.split('/')
  const isOwn = kind === 'compartment' || tenancy.startsWith('ST$') || tenancy === compartment
  return isOwn ? undefined : notFound('the tenancy of somebody else')
}

function findDedicated(
  endpointId: string,
  capability: Model['capability'],
  host: string,
): ResolvedModel | ServiceError {
  const endpoint = ENDPOINTS.find(({ id }) => id === endpointId)
  if (!endpoint || isForeign(endpointId, host)) return notFound(`no endpoint "${endpointId}"`)
  const { model, directives } = endpoint
  if (model.capability !== capability) return notFound(`"${endpointId}" is no ${capability}`)
  return { model, requestedId: endpointId, directives, maxOutputTokens: Infinity }
}

/** The fourth part of an OCID is its region, and hosts of OCI say theirs. */
function isForeign(id: string, host: string): boolean {
  const [, here] = /\bgenerativeai\.([a-z]+-[a-z-]+-\d)\./.exec(host) ?? []
  const there = id.startsWith('ocid1.') ? id.split('.')[3] : undefined
  return here !== undefined && there !== undefined && here !== there
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
