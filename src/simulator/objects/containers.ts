import { type Context, Hono } from 'hono'
import type { Env, SimulatorContext } from '../context.ts'
import type { Fields } from '../shape.ts'
import { contentAnswer } from './files.ts'
import { bodyOf, deleted, fileOf, find, formOf, handle, pageOf, textOf } from './handler.ts'
import { type Container, newId, type ObjectState, type StoredObject } from './state.ts'

const CONTAINER: Fields = {
  name: 'string',
  'file_ids?': { items: 'string' },
  'expires_after?': { fields: { anchor: { enum: ['last_active_at'] }, minutes: 'integer' } },
  'memory_limit?': { enum: ['1g', '4g', '16g', '64g'] },
  'network_policy?': 'object',
  'skills?': { items: 'object' },
}

/** OpenAI's containers, in which code runs. */
export function containers(context: SimulatorContext, state: ObjectState): Hono<Env> {
  const own = (id = '') => find(state.containers, id, 'container')
  return new Hono<Env>()
    .post(
      '/',
      handle((c) => {
        const { name, file_ids: ids } = bodyOf(c, CONTAINER)
        for (const id of (ids ?? []) as string[]) find(state.files, id, 'File object')
        const now = Math.floor(context.now() / 1000)
        const object = {
          ...{ id: newId('cntr_'), object: 'container', created_at: now, status: 'running', name },
          ...{ last_active_at: now, expires_after: { anchor: 'last_active_at', minutes: 20 } },
        }
        state.containers.set(object.id, { object, files: new Map() })
        return object
      }, context),
    )
    .get(
      '/',
      handle((c) => pageOf(c, [...state.containers.values()].map(({ object }) => object)), context),
    )
    .get('/:id', handle((c) => own(c.req.param('id')).object, context))
    .delete(
      '/:id',
      handle((c) => {
        const { id } = own(c.req.param('id')).object
        state.containers.delete(id)
        return deleted(id, 'container')
      }, context),
    )
    .route('/', containerFiles(context, state))
}

function containerFiles(context: SimulatorContext, state: ObjectState): Hono<Env> {
  const own = (id = '') => find(state.containers, id, 'container')
  const ownFile = (id = '', file = '') => find(own(id).files, file, 'container file')
  return new Hono<Env>()
    .post(
      '/:id/files',
      handle(async (c) => {
        const container = own(c.req.param('id'))
        const file = await createContainerFile(c, container, state, context)
        container.files.set(file.object.id, file)
        return file.object
      }, context),
    )
    .get(
      '/:id/files',
      handle((c) => {
        const stored = [...own(c.req.param('id')).files.values()]
        return pageOf(c, stored.map(({ object }) => object))
      }, context),
    )
    .get(
      '/:id/files/:file',
      handle((c) => ownFile(c.req.param('id'), c.req.param('file')).object, context),
    )
    .get(
      '/:id/files/:file/content',
      handle(
        (c) => contentAnswer(ownFile(c.req.param('id'), c.req.param('file')).content),
        context,
      ),
    )
    .delete(
      '/:id/files/:file',
      handle((c) => {
        const { id } = ownFile(c.req.param('id'), c.req.param('file')).object
        own(c.req.param('id')).files.delete(id)
        return deleted(id, 'container.file')
      }, context),
    )
}

/** A new file, or a copy of a stored one. */
async function readContainerFile(c: Context<Env>, { files }: ObjectState) {
  const isForm = c.req.header('content-type')?.startsWith('multipart/') ?? false
  const form = isForm ? await formOf(c, ['file', 'file_id']) : undefined
  const id = form ? textOf(form, 'file_id') : bodyOf(c, { file_id: 'string' })['file_id']
  if (form && id === undefined) {
    const file = fileOf(form, 'file')
    return { name: file.name, content: file, source: 'user' }
  }
  const { object, content } = find(files, String(id), 'File object')
  return { name: object.filename, content, source: 'user' }
}

async function createContainerFile(
  c: Context<Env>,
  container: Container,
  state: ObjectState,
  context: SimulatorContext,
): Promise<{ object: StoredObject; content: Blob }> {
  const { name, content, source } = await readContainerFile(c, state)
  const object = {
    ...{ id: newId('cfile_'), object: 'container.file', container_id: container.object.id },
    ...{ created_at: Math.floor(context.now() / 1000), bytes: content.size },
    ...{ path: `/mnt/data/${name}`, source },
  }
  return { object, content }
}
