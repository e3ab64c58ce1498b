import { Hono } from 'hono'
import type { Env } from './admit.ts'
import { admitOpenAi, type OpenAiDoor } from './openai/admit.ts'
import { CHAT_COMPLETIONS } from './openai/chat-completions.ts'
import { embeddings } from './openai/embeddings.ts'
import { operate } from './openai/operation.ts'
import { absent } from './openai/refusal.ts'
import { responses } from './responses/responses.ts'
import type { ResponseStore } from './responses/store.ts'
import { refuse, type World } from './context.ts'

/** OCI's own OpenAI-compatible endpoint: the same models, in OpenAI's words on the wire. */
export function openAiEndpoint(world: World, door: OpenAiDoor, store: ResponseStore): Hono<Env> {
  const create = responses(store)
  return new Hono<Env>()
    .use(admitOpenAi(world, door))
    .post('/chat/completions', (c) => operate(CHAT_COMPLETIONS, c.get('exchange'), world))
    .post('/embeddings', (c) => embeddings(c.get('exchange'), world))
    .post('/responses', (c) => operate(create, c.get('exchange'), world))
    .get('/responses/:id', (c) => {
      const found = store.responses.get(c.req.param('id'))
      return found ? Response.json(found.response) : lost(c.req.param('id'), world)
    })
    .delete('/responses/:id', (c) => {
      const id = c.req.param('id')
      if (!store.responses.delete(id)) return lost(id, world)
      return Response.json({ id, object: 'response', deleted: true })
    })
    .all('*', (c) => {
      const { method, path } = c.req
      return refuse(absent(`Invalid URL (${method} ${path})`), world)
    })
}

function lost(id: string, world: World): Response {
  return refuse(absent(`Response with id '${id}' not found.`), world)
}
