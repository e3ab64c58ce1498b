import { BoundedMap } from '../../bounded-map.ts'
import * as v from 'valibot'
import { ApiError, type ErrorCode } from '../../errors.ts'
import { CATALOGUE } from './catalogue.ts'
import { type ModelProfile, modelProfile, type ProfileOverride } from './profiles.ts'
import { readPages } from '../http/read-pages.ts'
import type { SendContext } from '../http/send.ts'
import type { ControlPlane, LookUpModel } from './look-up.ts'
import { ocidKind } from './ocid.ts'
import { upstreamUrl } from '../http/upstream-url.ts'

export type ModelTask = 'chat' | 'embeddings' | 'rerank'

/** The capabilities in OCI's list for which the gateway has an endpoint. */
const TASKS = new Map<string, ModelTask>([
  ['CHAT', 'chat'],
  ['TEXT_EMBEDDINGS', 'embeddings'],
  ['TEXT_RERANK', 'rerank'],
])

/** A model of the list. */
export interface ListedModel {
  id: string
  /** Seconds since the epoch; 0 if OCI does not report it. */
  created: number
  profile: ModelProfile
  tasks: readonly ModelTask[]
  /** No longer served on demand; only listed if the client requests retired models. */
  retired: boolean
  /** When OCI stops or stopped to serve it on demand, in seconds since the epoch, if OCI reports it. */
  onDemandUntil: number | undefined
  /** OCI's model, if this is an alias of the operator. */
  aliasOf: string | undefined
  /** OCI's name of that model, if the alias names it by an OCID. */
  name?: string | undefined
}

export interface ModelList {
  models: readonly ListedModel[]
  warnings: readonly string[]
  /** Why OCI's list could not be read, and the built-in one is used. */
  failure?: ErrorCode | undefined
}

/** The sources of the list of models. */
export interface ModelListDependencies extends ControlPlane {
  compartmentId: string
  aliases: ReadonlyMap<string, string>
  models: ReadonlyMap<string, ProfileOverride>
  /** Finds the models behind aliases to OCIDs. */
  lookUpModel?: LookUpModel | undefined
}

/** Returns the tenancy's models, from a cache if possible, and the operator's aliases. */
export type ListModels = (call: ListContext) => Promise<ModelList>

/** The context of a list: the compartment of the client's key replaces the configured one. */
export interface ListContext extends SendContext {
  compartmentId?: string | undefined
}

/** Milliseconds for which a list is cached. */
const LIST_TTL = 10 * 60 * 1000
/** The built-in list is cached for less time: the operator may be adding the policy. */
const BUILT_IN_TTL = 60 * 1000
const MAX_PAGES = 50
/** Compartments of keys whose lists are cached. */
const MAX_LISTS = 1_000

/**
 * Creates the function that lists models. It caches lists, not running calls: on Workers, a request
 * must not await a promise of another one.
 */
export function createModelLister(oci: ModelListDependencies): ListModels {
  const lists = new BoundedMap<{ list: ModelList; until: number }>({ maxEntries: MAX_LISTS })
  return async function listModels(call) {
    const now = oci.platform.now()
    const { compartmentId = oci.compartmentId } = call
    const cached = lists.get(compartmentId)
    if (cached && now < cached.until) return cached.list
    const { list, ttl } = await readList({ ...oci, compartmentId }, call)
    lists.set(compartmentId, { list, until: now + ttl })
    return list
  }
}

async function readList(
  oci: ModelListDependencies,
  call: SendContext,
): Promise<{ list: ModelList; ttl: number }> {
  try {
    const models = await readModels(oci, call)
    return { list: { models: await withAliases(models, oci, call), warnings: [] }, ttl: LIST_TTL }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'client_closed') throw error
    const models = CATALOGUE.map((id) => describe({ id }, oci))
    const warnings = [`models: built-in list, because OCI's list could not be read (${error.code})`]
    const list = { models: await withAliases(models, oci, call), warnings, failure: error.code }
    return { list, ttl: BUILT_IN_TTL }
  }
}

/** Reads OCI's list from the control plane, without the aliases. */
export async function readModels(
  oci: ModelListDependencies,
  call: SendContext,
): Promise<ListedModel[]> {
  const pages = await Array.fromAsync(readModelPages(oci, call))
  return supportedModels(pages.flatMap(({ items }) => items), oci)
}

const ModelPage = v.object({
  items: v.array(v.object({
    displayName: v.nullish(v.string()),
    capabilities: v.nullish(v.array(v.string()), []),
    lifecycleState: v.nullish(v.string()),
    timeCreated: v.nullish(v.string()),
    timeOnDemandRetired: v.nullish(v.string()),
  })),
})
type ModelSummary = v.InferOutput<typeof ModelPage>['items'][number]

function readModelPages(
  oci: ModelListDependencies,
  { requestId, signal }: SendContext,
): AsyncGenerator<v.InferOutput<typeof ModelPage>> {
  return readPages(
    (page) => {
      const url = upstreamUrl(oci.control, ['20231130', 'models'], [
        ['compartmentId', oci.compartmentId],
        ['limit', '100'],
        ...page,
      ])
      return oci.send({ method: 'GET', url, requestId }, signal)
    },
    { schema: ModelPage, maxPages: MAX_PAGES, idle: oci.timeouts.idle, signal, unreadable },
  )
}

function unreadable(): ApiError {
  return new ApiError('upstream_invalid_response', "Cannot read OCI's models: unknown shape")
}

/** Selects models with a supported task. Fine-tuning bases have the same name as their model. */
function supportedModels(
  summaries: readonly ModelSummary[],
  oci: ModelListDependencies,
): ListedModel[] {
  const now = oci.platform.now()
  const models = summaries
    .filter(({ lifecycleState }) => (lifecycleState ?? 'ACTIVE') === 'ACTIVE')
    .map((model) =>
      describe({
        id: model.displayName ?? '',
        tasks: model.capabilities?.flatMap((capability) => TASKS.get(capability) ?? []) ?? [],
        created: secondsOf(model.timeCreated) ?? 0,
        retired: Date.parse(model.timeOnDemandRetired ?? '') <= now,
        onDemandUntil: secondsOf(model.timeOnDemandRetired),
      }, oci)
    )
    .filter(({ id, tasks }) => id !== '' && tasks.length > 0)
  return [...new Map(models.map((model) => [model.id, model])).values()]
}

function secondsOf(date: string | null | undefined): number | undefined {
  return Math.floor(Date.parse(date ?? '') / 1000) || undefined
}

async function withAliases(
  models: readonly ListedModel[],
  oci: ModelListDependencies,
  call: SendContext,
): Promise<ListedModel[]> {
  const names = [...oci.aliases].filter(([alias]) => !alias.endsWith('*'))
  const aliases = await Promise.all(names.map(async ([alias, model]) => ({
    ...(models.find(({ id }) => id === model) ?? await describeTarget(model, models, oci, call)),
    ...{ id: alias, aliasOf: model },
  })))
  const taken = new Set(aliases.map(({ id }) => id))
  return [...aliases, ...models.filter(({ id }) => !taken.has(id))]
}

/** Describes a model that is not in the list. That of an OCID may be in it. */
async function describeTarget(
  model: string,
  models: readonly ListedModel[],
  oci: ModelListDependencies,
  call: SendContext,
): Promise<ListedModel> {
  const found = ocidKind(model) !== undefined ? await oci.lookUpModel?.(model, call) : undefined
  const name = found?.name
  if (name === undefined) return describe({ id: model }, oci)
  return { ...(models.find(({ id }) => id === name) ?? describe({ id: name }, oci)), name }
}

function describe(
  model: Pick<ListedModel, 'id'> & Partial<ListedModel>,
  { models }: Pick<ModelListDependencies, 'models'>,
): ListedModel {
  const { id } = model
  return {
    created: 0,
    profile: modelProfile(id, models),
    tasks: [taskByName(id)],
    retired: false,
    onDemandUntil: undefined,
    aliasOf: undefined,
    ...model,
  }
}

/** Infers the task of a model that is not in OCI's list. */
function taskByName(id: string): ModelTask {
  if (/\.embed-/.test(id)) return 'embeddings'
  return /\.rerank/.test(id) ? 'rerank' : 'chat'
}
