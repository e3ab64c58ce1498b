import { type Context, Hono } from 'hono'
import { type Env, queryOf, type SimulatorContext } from '../context.ts'
import { fileOf, find, formOf, handle, pageOf, refuse, textOf } from './handler.ts'
import { newId, type ObjectState, type StoredFile } from './state.ts'

const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']
const LIST = { defaultLimit: 10_000, maxLimit: 10_000 }

/** OpenAI's files. */
export function files(context: SimulatorContext, { files, stores }: ObjectState): Hono<Env> {
  const own = (id = '') => find(files, id, 'File object')
  return new Hono<Env>()
    .post(
      '/',
      handle(async (c) => {
        const created = await createFile(c, context)
        files.set(created.object.id, created)
        return created.object
      }, context),
    )
    .get(
      '/',
      handle((c) => {
        const purpose = queryOf(c).get('purpose')
        const all = [...files.values()].map(({ object }) => object)
        return pageOf(
          c,
          all.filter((file) => (purpose ?? file['purpose']) === file['purpose']),
          LIST,
        )
      }, context),
    )
    .get('/:id', handle((c) => own(c.req.param('id')).object, context))
    .get(
      '/:id/content',
      handle((c) => contentAnswer(own(c.req.param('id')).content), context),
    )
    .delete(
      '/:id',
      handle((c) => {
        const { id } = own(c.req.param('id')).object
        files.delete(id)
        for (const { files } of stores.values()) files.delete(id)
        return { id, object: 'file', deleted: true }
      }, context),
    )
}

/** The bytes of a stored file. */
export function contentAnswer(content: Blob): Response {
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': `${content.size}`,
  }
  return new Response(content.stream(), { headers })
}

async function createFile(
  c: Context<Env>,
  context: SimulatorContext,
): Promise<{ object: StoredFile; content: Blob }> {
  const form = await formOf(c, ['file', 'purpose', 'expires_after'])
  const purpose = textOf(form, 'purpose') ?? ''
  if (!PURPOSES.includes(purpose)) refuse(`Invalid value: '${purpose}'.`, 'purpose')
  const file = fileOf(form, 'file')
  const object: StoredFile = {
    ...{ id: newId('file-'), object: 'file', bytes: file.size, filename: file.name, purpose },
    created_at: Math.floor(context.now() / 1000),
    ...{ expires_at: null, status: 'processed', status_details: null },
  }
  return { object, content: file }
}
