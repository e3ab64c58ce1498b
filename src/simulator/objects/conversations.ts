import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { type Env, reject, type SimulatorContext } from '../context.ts'
import { HEX, randomText } from '../ids.ts'
import { badParameter } from '../service-error.ts'
import { type InputItem, ITEM } from '../responses/request.ts'
import type { Fields } from '../shape.ts'
import { bodyOf, deleted, find, handle, pageOf, refuse } from './handler.ts'
import { type Conversation, newId, type ObjectState } from './state.ts'

const NEW_CONVERSATION: Fields = { 'items?': { items: ITEM }, 'metadata?': 'object' }
const MAX_ITEMS = 20

/** OpenAI's conversations. They need a project. */
export function conversations(
  context: SimulatorContext,
  { conversations }: ObjectState,
): Hono<Env> {
  const own = (c: Context<Env>) => find(conversations, c.req.param('id') ?? '', 'conversation')
  return new Hono<Env>()
    .use(requireProject(context))
    .post(
      '/',
      handle((c) => {
        const { items = [], metadata = {} } = bodyOf(c, NEW_CONVERSATION)
        const object = {
          ...{ id: newId('conv_'), object: 'conversation', metadata },
          created_at: Math.floor(context.now() / 1000),
        }
        const conversation: Conversation = { object, items: [] }
        addItems(conversation, items)
        conversations.set(object.id, conversation)
        return object
      }, context),
    )
    .get('/:id', handle((c) => own(c).object, context))
    .post(
      '/:id',
      handle((c) => {
        const conversation = own(c)
        const { metadata } = bodyOf(c, { metadata: 'object' })
        return conversation.object = { ...conversation.object, metadata }
      }, context),
    )
    .delete(
      '/:id',
      handle((c) => {
        const { id } = own(c).object
        conversations.delete(id)
        return deleted(id, 'conversation')
      }, context),
    )
    .route('/', conversationItems(context, conversations))
}

function conversationItems(
  context: SimulatorContext,
  conversations: ObjectState['conversations'],
): Hono<Env> {
  const own = (c: Context<Env>) => find(conversations, c.req.param('id') ?? '', 'conversation')
  return new Hono<Env>()
    .post(
      '/:id/items',
      handle((c) => {
        const data = addItems(own(c), bodyOf(c, { items: { items: ITEM } })['items'])
        const [first, last] = [data[0]?.id ?? null, data.at(-1)?.id ?? null]
        return { object: 'list', data, first_id: first, last_id: last, has_more: false }
      }, context),
    )
    .get('/:id/items', handle((c) => pageOf(c, own(c).items), context))
    .get('/:id/items/:item', handle((c) => own(c).items[indexOf(own(c), c)] ?? {}, context))
    .delete(
      '/:id/items/:item',
      handle((c) => {
        const conversation = own(c)
        conversation.items.splice(indexOf(conversation, c), 1)
        return conversation.object
      }, context),
    )
}

/** Adds items with ids. The shape of the request has checked them. */
export function addItems({ items }: Conversation, added: unknown): InputItem[] {
  const list = added as readonly InputItem[]
  if (list.length > MAX_ITEMS) refuse(`At most ${MAX_ITEMS} items can be added.`, 'items')
  const named = list.map((item) => ({
    ...item,
    ...{ type: item.type ?? 'message', id: item.id ?? `msg_${randomText(48, HEX)}` },
    status: 'completed',
  }))
  items.push(...named)
  return named
}

function indexOf({ items }: Conversation, c: Context<Env>): number {
  const at = items.findIndex(({ id }) => id === c.req.param('item'))
  if (at < 0) find(new Map(), c.req.param('item') ?? '', 'item')
  return at
}

function requireProject(context: SimulatorContext): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (c.req.header('OpenAI-Project') === undefined) {
      return reject(badParameter('Missing header OpenAI-Project'), context)
    }
    return await next()
  }
}
