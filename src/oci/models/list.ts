import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import { CATALOGUE } from './catalogue.ts'
import { type ModelProfile, modelProfile, type ProfileOverride } from './profiles.ts'
import { readJson } from '../http/read-json.ts'
import type { SendContext } from '../http/send.ts'
import type { ControlPlane } from './look-up.ts'
import { upstreamUrl } from '../http/upstream-url.ts'

export type ModelTask = 'chat' | 'embeddings' | 'rerank'

/** OCI's capabilities that the gateway has an endpoint for. */
const TASKS = new Map<string, ModelTask>([
  ['CHAT', 'chat'],
  ['TEXT_EMBEDDINGS', 'embeddings'],
  ['TEXT_RERANK', 'rerank'],
])

/** A model that can be asked, and what is known of it. */
export interface ListedModel {
  id: string
  /** Seconds since the epoch; 0 when OCI did not say. */
  created: number
  profile: ModelProfile
  tasks: readonly ModelTask[]
  /** No longer served on demand; kept out of the list unless it is asked for. */
  retired: boolean
  /** OCI's model behind it, for an alias of the operator's. */
  aliasOf: string | undefined
}

export interface ModelList {
  models: readonly ListedModel[]
  warnings: readonly string[]
}

/** What the list of models is made from. */
export interface ModelListDependencies extends ControlPlane {
  compartmentId: string
  aliases: ReadonlyMap<string, string>
  models: ReadonlyMap<string, ProfileOverride>
}

/** Reads the tenancy's models, a while from memory, and adds the operator's aliases. */
export type ListModels = (call: SendContext) => Promise<ModelList>

/** How long a list is good for. */
const FRESH = 10 * 60 * 1000
/** A curated list stands in for less: a policy may be made any minute. */
const STAND_IN = 60 * 1000
const MOST_PAGES = 50

/**
 * Makes the reader. It remembers lists, not calls under way: on Workers a promise of one request
 * must not be awaited by another.
 */
export function createModelLister(oci: ModelListDependencies): ListModels {
  let remembered: { list: ModelList; until: number } | undefined
  return async function listModels(call) {
    const now = oci.platform.now()
    if (remembered && now < remembered.until) return remembered.list
    const { list, goodFor } = await readList(oci, call)
    remembered = { list, until: now + goodFor }
    return list
  }
}

async function readList(
  oci: ModelListDependencies,
  call: SendContext,
): Promise<{ list: ModelList; goodFor: number }> {
  try {
    const pages = await Array.fromAsync(readPages(oci, call))
    const models = usefulModels(pages.flat(), oci)
    return { list: { models: withAliases(models, oci), warnings: [] }, goodFor: FRESH }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'client_closed') throw error
    const models = CATALOGUE.map((id) => describe({ id }, oci))
    const warnings = [`models: a built-in list, since OCI's could not be read (${error.code})`]
    return { list: { models: withAliases(models, oci), warnings }, goodFor: STAND_IN }
  }
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

async function* readPages(
  oci: ModelListDependencies,
  call: SendContext,
): AsyncGenerator<ModelSummary[]> {
  let page: string | null = null
  for (let count = 0; count < MOST_PAGES; count++) {
    const url = pageUrl(oci, page)
    const response = await oci.send({ method: 'GET', url, requestId: call.requestId }, call.signal)
    const json = await readJson(response, oci.timeouts.idle, call.signal)
    const parsed = v.safeParse(ModelPage, json)
    if (!parsed.success) throw unreadable()
    yield parsed.output.items
    page = response.headers.get('opc-next-page')
    if (!page) return
  }
}

function pageUrl(oci: ModelListDependencies, page: string | null): URL {
  return upstreamUrl(oci.control, ['20231130', 'models'], [
    ['compartmentId', oci.compartmentId],
    ['limit', '100'],
    ...(page === null ? [] : [['page', page] as const]),
  ])
}

function unreadable(): ApiError {
  return new ApiError('upstream_invalid_response', "Cannot read OCI's models: unknown shape")
}

/** Those with a task for us, each name once: fine-tuning bases come under the same name as the model. */
function usefulModels(
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
        created: Math.floor(Date.parse(model.timeCreated ?? '') / 1000) || 0,
        retired: Date.parse(model.timeOnDemandRetired ?? '') <= now,
      }, oci)
    )
    .filter(({ id, tasks }) => id !== '' && tasks.length > 0)
  return [...new Map(models.map((model) => [model.id, model])).values()]
}

function withAliases(models: readonly ListedModel[], oci: ModelListDependencies): ListedModel[] {
  const names = [...oci.aliases].filter(([alias]) => !alias.endsWith('*'))
  const aliases = names.map(([alias, model]) => ({
    ...(models.find(({ id }) => id === model) ?? describe({ id: model }, oci)),
    id: alias,
    aliasOf: model,
  }))
  const taken = new Set(aliases.map(({ id }) => id))
  return [...aliases, ...models.filter(({ id }) => !taken.has(id))]
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
    aliasOf: undefined,
    ...model,
  }
}

/** For names that only the gateway knows. */
function taskByName(id: string): ModelTask {
  if (/\.embed-/.test(id)) return 'embeddings'
  return /\.rerank/.test(id) ? 'rerank' : 'chat'
}
