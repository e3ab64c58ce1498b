import { CATALOGUE } from '../../oci/models/catalogue.ts'
import type { Column, Row } from '../text-table.ts'
import type { ModelEntry } from './read.ts'

const UNKNOWN = '–'

/** A long id is cut only on a terminal of fewer columns. */
const ID_WIDTH = 44

/** The columns of the table of models. On narrow terminals, those of the highest order are omitted. */
export const MODEL_COLUMNS: readonly Column[] = [
  { title: 'MODEL', minWidth: ID_WIDTH },
  { title: 'TASK', omitOrder: 5 },
  { title: 'FAMILY', omitOrder: 9 },
  { title: 'CONTEXT', align: 'right', omitOrder: 1 },
  { title: 'OUTPUT', align: 'right', omitOrder: 4 },
  { title: 'TOOLS', omitOrder: 2 },
  { title: 'VISION', omitOrder: 2 },
  { title: 'REASONING', omitOrder: 3 },
  { title: 'REGIONS', minWidth: 14, omitOrder: 7 },
  { title: 'SERVING', omitOrder: 8 },
  { title: 'RETIREMENT', omitOrder: 6 },
]

const TASKS = ['chat', 'embeddings', 'rerank'] as const
const CAPABILITIES = ['tools', 'vision', 'reasoning'] as const

/** The cells of a model. What is not known is "–". */
export function modelRow(model: ModelEntry): Row {
  const { id, root, owned_by: family, capabilities } = model
  return [
    root === undefined ? id : `${id} → ${root}`,
    tasksOf(model).join(', '),
    family,
    tokens(model.context_length),
    tokens(model.max_output_tokens),
    ...CAPABILITIES.map((name) => capabilities[name] ? 'yes' : 'no'),
    (model.regions ?? []).join(', ') || UNKNOWN,
    servingOf(model),
    retirementOf(model),
  ].map((cell) => cell.replace(/\p{Cc}/gu, ''))
}

/**
 * Returns the models that match all words: part of an id, a family or a region, or a task or
 * capability such as `vision`.
 */
export function searchModels(
  models: readonly ModelEntry[],
  words: readonly string[],
): readonly ModelEntry[] {
  return models.filter((model) => {
    const { id, root = '', owned_by, regions = [] } = model
    const abilities = CAPABILITIES.filter((name) => model.capabilities[name])
    const status = model.retired ? 'retired' : model.deprecated ? 'deprecated' : ''
    const text = [id, root, owned_by, ...regions, ...tasksOf(model), ...abilities, status]
      .join(' ').toLowerCase()
    return words.every((word) => text.includes(word.toLowerCase()))
  })
}

function tasksOf({ capabilities }: ModelEntry): readonly string[] {
  return TASKS.filter((task) => capabilities[task])
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

function tokens(count: number | undefined): string {
  return count === undefined ? UNKNOWN : compact.format(count)
}

/** Where OCI does not report it: models of the catalogue are served on demand to every tenancy. */
function servingOf({ id, root = id, retired, serving }: ModelEntry): string {
  if (serving) return serving.includes('on_demand') ? 'on demand' : 'dedicated'
  if (root.startsWith('ocid1.generativeaiendpoint.')) return 'dedicated'
  if (root.startsWith('ocid1.generativeairoutingprofile.')) return 'on demand'
  return !retired && CATALOGUE.includes(root) ? 'on demand' : UNKNOWN
}

function retirementOf({ retired, deprecated, on_demand_until: until }: ModelEntry): string {
  if (until === undefined) return retired ? 'retired' : deprecated ? 'deprecated' : UNKNOWN
  return new Date(until * 1000).toISOString().slice(0, 10)
}
