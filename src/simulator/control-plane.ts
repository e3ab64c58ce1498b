import {
  listDiscovered,
  listEndpoints,
  listImportedModels,
  listModels,
  listProfiles,
} from './model-list.ts'
import { isInOtherRegion } from './resolve-model.ts'
import { pageResponse } from './paging.ts'
import { badParameter, notFound, type ServiceError } from './service-error.ts'
import { checkCompartment } from './check-request.ts'

type Entry = Readonly<Record<string, unknown>>

const STATES: readonly string[] = [
  'ACTIVE',
  'CREATING',
  'UPDATING',
  'DELETING',
  'DELETED',
  'FAILED',
]
const CAPABILITIES: readonly string[] = [
  ...['TEXT_GENERATION', 'TEXT_SUMMARIZATION', 'TEXT_EMBEDDINGS', 'FINE_TUNE', 'CHAT'],
  ...['TEXT_RERANK', 'TEXT_TO_IMAGE', 'IMAGE_TEXT_TO_TEXT', 'IMAGE_TEXT_TO_IMAGE'],
  ...['IMAGE_TEXT_TO_VIDEO', 'IMAGE_TO_IMAGE', 'REALTIME', 'AUDIO_TO_AUDIO', 'AUDIO_TO_TEXT'],
  ...['TEXT_TO_AUDIO', 'TEXT_TO_VIDEO', 'TEXT_TO_TEXT', 'EMBEDDING', 'RERANK'],
]

/** `GET /20231130/models` */
export function answerModels(
  query: URLSearchParams,
  keyId: string,
  served?: readonly string[],
): Response | ServiceError {
  const models = listModels().filter(({ displayName }) => served?.includes(displayName) !== false)
  return answerList(models.map(asEntry), query, keyId)
}

/** `GET /20231130/modelDiscovery`: the same models with what each region offers. */
export function answerDiscovery(
  query: URLSearchParams,
  keyId: string,
  served: (region: string) => readonly string[] | undefined,
  now: number,
): Response | ServiceError {
  const error = checkListQuery(query, keyId)
  if (error) return error
  return pageResponse(listDiscovered(query.getAll('region'), served, now), query)
}

/** `GET /20231130/endpoints` */
export function answerEndpoints(query: URLSearchParams, keyId: string): Response | ServiceError {
  const compartment = query.get('compartmentId') ?? ''
  return answerList(listEndpoints(compartment).map(asEntry), query, keyId)
}

/** `GET /20231130/importedModels` */
export function answerImportedModels(
  query: URLSearchParams,
  keyId: string,
): Response | ServiceError {
  return answerList(listImportedModels().map(asEntry), query, keyId)
}

/** `GET /20231130/models/{id}`, which also finds imported models, unlike the list. */
export function answerModel(id: string, host: string): Response | ServiceError {
  return answerOne([...listModels(), ...listImportedModels()].map(asEntry), id, host)
}

/** `GET /20231130/endpoints/{id}`; all endpoints are in the caller's root compartment. */
export function answerEndpoint(id: string, keyId: string, host: string): Response | ServiceError {
  const [tenancy = ''] = keyId.split('/')
  return answerOne(listEndpoints(tenancy).map(asEntry), id, host)
}

/** `GET /20231130/routingProfiles/{id}`; the same for routing profiles. */
export function answerProfile(id: string, keyId: string, host: string): Response | ServiceError {
  const [tenancy = ''] = keyId.split('/')
  return answerOne(listProfiles(tenancy).map(asEntry), id, host)
}

/** Each entry is in one region only. */
function answerOne(entries: readonly Entry[], id: string, host: string): Response | ServiceError {
  if (isInOtherRegion(id, host)) return notFound(`"${id}" is in another region`)
  const entry = entries.find((candidate) => candidate['id'] === id)
  return entry ? Response.json(entry) : notFound(`no entry "${id}"`)
}

function answerList(
  entries: readonly Entry[],
  query: URLSearchParams,
  keyId: string,
): Response | ServiceError {
  const error = checkListQuery(query, keyId)
  if (error) return error
  const matches = entries.filter((entry) => matchesQuery(entry, query))
  return pageResponse(sorted(matches, query), query)
}

/** The compartment and the filters of a list. */
function checkListQuery(query: URLSearchParams, keyId: string): ServiceError | undefined {
  const compartment = query.get('compartmentId')
  if (compartment === null) return badParameter('Missing compartmentId')
  const error = checkCompartment(compartment, keyId) ?? checkFilters(query)
  if (error) return error
  return compartment.endsWith('..nolist') ? notFound('a compartment that may not list') : undefined
}

function checkFilters(query: URLSearchParams): ServiceError | undefined {
  const state = query.get('lifecycleState')
  if (state !== null && !STATES.includes(state)) {
    return badParameter(`Invalid lifecycleState: ${state}`)
  }
  const bad = query.getAll('capability').find((word) => !CAPABILITIES.includes(word))
  return bad === undefined ? undefined : badParameter(`Invalid capability: ${bad}`)
}

function matchesQuery(entry: Entry, query: URLSearchParams): boolean {
  const exact = ['id', 'vendor', 'displayName', 'lifecycleState']
  if (exact.some((name) => query.has(name) && query.get(name) !== entry[name])) return false
  const wanted = query.getAll('capability')
  const has = entry['capabilities']
  return wanted.length === 0 || (Array.isArray(has) && wanted.some((word) => has.includes(word)))
}

function sorted(entries: readonly Entry[], query: URLSearchParams): readonly Entry[] {
  const name = query.get('sortBy')
  if (name === null) return entries
  const sign = query.get('sortOrder') === 'DESC' ? -1 : 1
  return entries.toSorted((one, other) =>
    sign * String(one[name]).localeCompare(String(other[name]))
  )
}

function asEntry(summary: object): Entry {
  return { ...summary }
}
