import { Hono } from 'hono'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { authenticateOpenAi, type OpenAiAccess } from './openai/authenticate.ts'
import { CHAT_COMPLETIONS } from './openai/chat-completions.ts'
import { embeddings } from './openai/embeddings.ts'
import { performOperation } from './openai/operation.ts'
import { notFoundOnOpenAi } from './openai/error.ts'
import { responses } from './responses/responses.ts'
import type { ResponseStore } from './responses/store.ts'

/** OCI's OpenAI-compatible endpoint: the same models with OpenAI's wire format. */
export function openAiEndpoint(
  context: SimulatorContext,
  access: OpenAiAccess,
  store: ResponseStore,
): Hono<Env> {
  const create = responses(store)
  return new Hono<Env>()
    .use(authenticateOpenAi(context, access))
    .post(
      '/chat/completions',
      (c) => performOperation(CHAT_COMPLETIONS, c.get('exchange'), context),
    )
    .post('/embeddings', (c) => embeddings(c.get('exchange'), context))
    .post('/responses', (c) => performOperation(create, c.get('exchange'), context))
    .get('/responses/:id', (c) => {
      const found = store.responses.get(c.req.param('id'))
      return found ? Response.json(found.response) : responseNotFound(c.req.param('id'), context)
    })
    .delete('/responses/:id', (c) => {
      const id = c.req.param('id')
      if (!store.responses.delete(id)) return responseNotFound(id, context)
      return Response.json({ id, object: 'response', deleted: true })
    })
    .all('*', (c) => {
      const { method, path } = c.req
      return reject(notFoundOnOpenAi(`Invalid URL (${method} ${path})`), context)
    })
}

function responseNotFound(id: string, context: SimulatorContext): Response {
  return reject(notFoundOnOpenAi(`Response with id '${id}' not found.`), context)
}
