import { BoundedMap } from '../../bounded-map.ts'
import { ApiError, type ErrorCode, toApiError } from '../../errors.ts'
import type { SendContext } from '../http/send.ts'
import { CATALOGUE } from './catalogue.ts'
import type { ControlPlane, LookUpModel } from './look-up.ts'
import { mergeRegions, type ModelFacts, type ModelTask } from './model-facts.ts'
import { ocidKind } from './ocid.ts'
import { longestMatch, type ModelProfile, modelProfile, type ProfileOverride } from './profiles.ts'
import { discoverModels, readModelFacts } from './read-models.ts'

export type { ModelTask } from './model-facts.ts'

/** A model of the list. */
export interface ListedModel extends Omit<ModelFacts, 'created' | 'inputs' | 'maxOutputTokens'> {
  /** Seconds since the epoch; 0 if OCI does not report it. */
  created: number
  /** With the inputs and limits that OCI states, unless the operator overrides them. */
  profile: ModelProfile
  /** No longer served on demand; only listed if the client requests retired models. */
  retired: boolean
  /** No longer recommended, or retired. */
  deprecated: boolean
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
  /** The control planes of all configured regions. Default: `control` alone. */
  controls?: readonly { region: string; control: URL }[] | undefined
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
  const controls = oci.controls ?? [{ region: '', control: oci.control }]
  const discovering = settled(discover(oci, controls.map(({ region }) => region), call))
  const answers = await Promise.all(controls.map(async ({ region, control }) => ({
    region,
    answer: await settled(readModelFacts({ ...oci, region, control }, call)),
  })))
  const discovered = await discovering
  const details = Array.isArray(discovered) ? discovered : []
  const lists = answers.map(({ region, answer }) => {
    const own = details.filter(({ regions }) => regions.includes(region))
    return own.length === 0 ? answer : withDetails(own, Array.isArray(answer) ? answer : [])
  })
  const read = lists.filter((list) => Array.isArray(list))
  const failure = lists.find((list) => list instanceof ApiError)
  if (failure?.code === 'client_closed') throw failure
  if (read.length === 0 && failure) return await builtInList(failure.code, oci, call)
  const warnings = lists.flatMap((list, at) =>
    list instanceof ApiError
      ? [`models: the list of ${answers[at]?.region} could not be read (${list.code})`]
      : []
  )
  const models = mergeRegions(read).map((facts) => listed(facts, oci))
  return {
    list: { models: await withAliases(models, oci, call), warnings },
    ttl: warnings.length > 0 ? BUILT_IN_TTL : LIST_TTL,
  }
}

async function builtInList(
  failure: ErrorCode,
  oci: ModelListDependencies,
  call: SendContext,
): Promise<{ list: ModelList; ttl: number }> {
  const models = CATALOGUE.map((id) => describe({ id }, oci))
  const warnings = [`models: built-in list, because OCI's list could not be read (${failure})`]
  const list = { models: await withAliases(models, oci, call), warnings, failure }
  return { list, ttl: BUILT_IN_TTL }
}

async function discover(
  oci: ModelListDependencies,
  regions: readonly string[],
  call: SendContext,
): Promise<ModelFacts[]> {
  const named = regions.filter((region) => region !== '')
  return named.length === 0 ? [] : await discoverModels(named, oci, call)
}

/** Resolves with the value or with the error of OCI. */
function settled<T>(promise: Promise<T>): Promise<T | ApiError> {
  return promise.catch((thrown: unknown) => toApiError(thrown))
}

/** Completes the details of discovery, which has no dates of creation, with a region's list. */
function withDetails(details: readonly ModelFacts[], list: readonly ModelFacts[]): ModelFacts[] {
  const byId = new Map(list.map((facts) => [facts.id, facts]))
  for (const facts of details) {
    byId.set(facts.id, { ...facts, created: byId.get(facts.id)?.created })
  }
  return [...byId.values()]
}

/** Reads OCI's list from one control plane, without the aliases. */
export async function readModels(
  oci: ModelListDependencies,
  call: SendContext,
): Promise<ListedModel[]> {
  const facts = await readModelFacts({ ...oci, region: '' }, call)
  return facts.map((model) => listed(model, oci))
}

function listed(
  { inputs, maxOutputTokens, created = 0, ...facts }: ModelFacts,
  oci: ModelListDependencies,
): ListedModel {
  const now = oci.platform.now() / 1000
  const isPast = (date: number | undefined) => date !== undefined && date <= now
  const retired = isPast(facts.onDemandUntil)
  const { models } = oci
  const own = models.get(longestMatch(facts.id, models.keys()) ?? '')
  const stated = { ...(inputs && { inputs }), ...(maxOutputTokens && { maxOutputTokens }) }
  const model = describe({ ...facts, created }, oci)
  return {
    ...model,
    profile: { ...model.profile, ...stated, ...own },
    retired,
    deprecated: retired || isPast(facts.deprecatedAt),
  }
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
  const kind = ocidKind(model)
  const found = kind === undefined ? undefined : await oci.lookUpModel?.(model, call)
  const name = found?.name
  if (name === undefined) return describe({ id: model }, oci)
  const listed = models.find(({ id }) => id === name) ?? describe({ id: name }, oci)
  if (kind !== 'generativeaiendpoint') return { ...listed, name }
  // What is retired on demand still works on a dedicated cluster.
  const { dedicatedUntil } = listed
  return { ...describe({ ...listed, ...NOT_RETIRED, dedicatedUntil }, oci), name }
}

const NOT_RETIRED = {
  ...{ retired: false, deprecated: false, onDemandUntil: undefined, deprecatedAt: undefined },
  ...{ serving: ['dedicated'], regions: [] },
} satisfies Partial<ListedModel>

function describe(
  model: Pick<ListedModel, 'id'> & Partial<ListedModel>,
  { models }: Pick<ModelListDependencies, 'models'>,
): ListedModel {
  const { id } = model
  return {
    ...{ created: 0, profile: modelProfile(id, models), tasks: [taskByName(id)] },
    ...{ retired: false, deprecated: false, aliasOf: undefined },
    ...{ onDemandUntil: undefined, deprecatedAt: undefined, dedicatedUntil: undefined },
    ...{ serving: [], replacements: [], regions: [] },
    ...model,
  }
}

/** Infers the task of a model that is not in OCI's list. */
function taskByName(id: string): ModelTask {
  if (/\.embed-/.test(id)) return 'embeddings'
  return /\.rerank/.test(id) ? 'rerank' : 'chat'
}
