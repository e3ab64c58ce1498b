import { type Context, Hono } from 'hono'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { containers } from './objects/containers.ts'
import { conversations } from './objects/conversations.ts'
import { files } from './objects/files.ts'
import { media } from './objects/media.ts'
import type { ObjectState } from './objects/state.ts'
import { vectorStoreFiles, vectorStores } from './objects/vector-stores.ts'
import { authenticateOpenAi, type OpenAiAccess } from './openai/authenticate.ts'
import { CHAT_COMPLETIONS } from './openai/chat-completions.ts'
import { embeddings } from './openai/embeddings.ts'
import { performOperation } from './openai/operation.ts'
import { notFoundOnOpenAi } from './openai/error.ts'
import { responses } from './responses/responses.ts'
import type { ResponseStore } from './responses/store.ts'
import { storedResponses } from './responses/stored.ts'

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
    .route('/responses', storedResponses(context, store))
    .route('/conversations', conversations(context, store.objects))
    .route('/files', files(context, store.objects))
    .route('/containers', containers(context, store.objects))
    .route('/vector_stores', vectorStoreFiles(context, store.objects))
    .route('/', media(context))
    .all('*', unknownUrl(context))
}

/** The part of the endpoint that the control plane serves. */
export function openAiControl(
  context: SimulatorContext,
  access: OpenAiAccess,
  objects: ObjectState,
): Hono<Env> {
  return new Hono<Env>()
    .use(authenticateOpenAi(context, access))
    .route('/vector_stores', vectorStores(context, objects))
    .all('*', unknownUrl(context))
}

function unknownUrl(context: SimulatorContext) {
  return ({ req: { method, path } }: Context<Env>) =>
    reject(notFoundOnOpenAi(`Invalid URL (${method} ${path})`), context)
}
