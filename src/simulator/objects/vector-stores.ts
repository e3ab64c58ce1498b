import { type Context, Hono } from 'hono'
import type { Env, SimulatorContext } from '../context.ts'
import type { Fields } from '../shape.ts'
import { bodyOf, deleted, find, handle, pageOf, refuse } from './handler.ts'
import { newId, type ObjectState, type StoredObject, type VectorStore } from './state.ts'

type Json = Readonly<Record<string, unknown>>

const EXPIRY: Fields = {
  'expires_after?': { fields: { anchor: { enum: ['last_active_at'] }, days: 'integer' } },
}
const STORE: Fields = { 'name?': 'string', 'metadata?': 'object', ...EXPIRY }
const NEW_STORE: Fields = {
  ...STORE,
  'description?': 'string',
  'file_ids?': { items: 'string' },
  'chunking_strategy?': 'object',
}
const FILE: Fields = { file_id: 'string', 'attributes?': 'object', 'chunking_strategy?': 'object' }
const BATCH: Fields = {
  'file_ids?': { items: 'string' },
  'files?': { items: { fields: FILE } },
  'attributes?': 'object',
  'chunking_strategy?': 'object',
}
const SEARCH: Fields = {
  query: { anyOf: ['string', { items: 'string' }] },
  'filters?': 'object',
  'max_num_results?': 'integer',
  'ranking_options?': 'object',
  'rewrite_query?': 'boolean',
}

/** The vector stores themselves, on the host of the control plane. */
export function vectorStores(context: SimulatorContext, state: ObjectState): Hono<Env> {
  const { stores } = state
  const own = (id = '') => find(stores, id, 'vector store')
  return new Hono<Env>()
    .post(
      '/',
      handle((c) => {
        const { file_ids: ids, ...body } = bodyOf(c, NEW_STORE)
        const now = seconds(context)
        const object = {
          ...{ id: newId('vs_'), object: 'vector_store', created_at: now, last_active_at: now },
          ...{ name: null, metadata: {}, status: 'completed', usage_bytes: 0, ...body },
        }
        const store: VectorStore = { object, files: new Map(), batches: new Map() }
        for (const id of (ids ?? []) as string[]) addFile(store, { file_id: id }, state, context)
        stores.set(object.id, store)
        return describe(store)
      }, context),
    )
    .get('/', handle((c) => pageOf(c, [...stores.values()].map(describe)), context))
    .get('/:id', handle((c) => describe(own(c.req.param('id'))), context))
    .post(
      '/:id',
      handle((c) => {
        const store = own(c.req.param('id'))
        store.object = { ...store.object, ...bodyOf(c, STORE) }
        return describe(store)
      }, context),
    )
    .delete(
      '/:id',
      handle((c) => {
        const { id } = own(c.req.param('id')).object
        stores.delete(id)
        return deleted(id, 'vector_store')
      }, context),
    )
}

/** The files of vector stores and their search, on the host of models. */
export function vectorStoreFiles(context: SimulatorContext, state: ObjectState): Hono<Env> {
  const own = (c: Context<Env>) => find(state.stores, c.req.param('id') ?? '', 'vector store')
  const ownFile = (c: Context<Env>) => find(own(c).files, c.req.param('file') ?? '', 'file')
  return new Hono<Env>()
    .post('/:id/search', handle((c) => search(own(c), bodyOf(c, SEARCH), state), context))
    .post('/:id/files', handle((c) => addFile(own(c), bodyOf(c, FILE), state, context), context))
    .get('/:id/files', handle((c) => pageOf(c, own(c).files.values()), context))
    .get('/:id/files/:file', handle(ownFile, context))
    .post(
      '/:id/files/:file',
      handle((c) => {
        const file = { ...ownFile(c), ...bodyOf(c, { attributes: 'object' }) }
        own(c).files.set(file.id, file)
        return file
      }, context),
    )
    .get(
      '/:id/files/:file/content',
      handle(async (c) => {
        const text = await textOf(ownFile(c).id, state)
        const data = [{ type: 'text', text }]
        return { object: 'vector_store.file_content.page', data, has_more: false, next_page: null }
      }, context),
    )
    .delete(
      '/:id/files/:file',
      handle((c) => {
        const { id } = ownFile(c)
        own(c).files.delete(id)
        return deleted(id, 'vector_store.file')
      }, context),
    )
    .route('/', fileBatches(context, state))
}

function fileBatches(context: SimulatorContext, state: ObjectState): Hono<Env> {
  const own = (c: Context<Env>) => find(state.stores, c.req.param('id') ?? '', 'vector store')
  const ownBatch = (c: Context<Env>) => find(own(c).batches, c.req.param('batch') ?? '', 'batch')
  return new Hono<Env>()
    .post(
      '/:id/file_batches',
      handle((c) => addBatch(own(c), bodyOf(c, BATCH), state, context), context),
    )
    .get('/:id/file_batches/:batch', handle((c) => ownBatch(c).object, context))
    .post(
      '/:id/file_batches/:batch/cancel',
      handle((c) => {
        const batch = ownBatch(c)
        return batch.object = { ...batch.object, status: 'cancelled' }
      }, context),
    )
    .get(
      '/:id/file_batches/:batch/files',
      handle((c) => {
        const { files } = ownBatch(c)
        return pageOf(c, files.flatMap((id) => own(c).files.get(id) ?? []))
      }, context),
    )
}

function describe({ object, files }: VectorStore): StoredObject {
  const { size } = files
  const counts = { in_progress: 0, completed: size, failed: 0, cancelled: 0, total: size }
  return { ...object, file_counts: counts }
}

function addFile(
  { object, files }: VectorStore,
  { file_id: id, attributes = {} }: Json,
  state: ObjectState,
  context: SimulatorContext,
): StoredObject {
  const { content } = find(state.files, String(id), 'File object')
  const file = {
    ...{ id: String(id), object: 'vector_store.file', created_at: seconds(context), attributes },
    ...{ vector_store_id: object.id, usage_bytes: content.size, status: 'completed' },
    last_error: null,
  }
  files.set(file.id, file)
  return file
}

function addBatch(
  store: VectorStore,
  { file_ids: ids, files, attributes }: Json,
  state: ObjectState,
  context: SimulatorContext,
): StoredObject {
  const wanted =
    (files ?? (ids as string[] ?? []).map((id) => ({ file_id: id, attributes }))) as Json[]
  if (wanted.length === 0) refuse("One of 'file_ids' and 'files' is required.", 'file_ids')
  const added = wanted.map((file) => addFile(store, file, state, context))
  const counts = { in_progress: 0, completed: added.length, failed: 0, cancelled: 0 }
  const object = {
    ...{ id: newId('vsfb_'), object: 'vector_store.files_batch', created_at: seconds(context) },
    ...{ vector_store_id: store.object.id, status: 'completed' },
    file_counts: { ...counts, total: added.length },
  }
  store.batches.set(object.id, { object, files: added.map(({ id }) => id) })
  return object
}

/** Finds files with a word of the query. */
async function search(
  { files }: VectorStore,
  { query, max_num_results: max = 10 }: Json,
  state: ObjectState,
): Promise<object> {
  if (Number(max) < 1 || Number(max) > 50) refuse('Must be between 1 and 50.', 'max_num_results')
  const queries = [query].flat().map(String)
  const words = queries.join(' ').toLowerCase().split(/\W+/).filter(Boolean)
  const found = await Promise.all([...files.values()].map(async ({ id, attributes }) => {
    const text = await textOf(id, state)
    const hits = words.filter((word) => text.toLowerCase().includes(word)).length
    const { filename = '' } = state.files.get(id)?.object ?? {}
    const content = [{ type: 'text', text: text.slice(0, 200) }]
    return { file_id: id, filename, score: hits / Math.max(1, words.length), attributes, content }
  }))
  const data = found.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score)
  return {
    ...{ object: 'vector_store.search_results.page', search_query: queries },
    ...{ data: data.slice(0, Number(max)), has_more: data.length > Number(max), next_page: null },
  }
}

async function textOf(id: string, { files }: ObjectState): Promise<string> {
  return await files.get(id)?.content.text() ?? ''
}

function seconds({ now }: SimulatorContext): number {
  return Math.floor(now() / 1000)
}
