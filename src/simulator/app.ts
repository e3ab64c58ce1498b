import { Hono } from 'hono'
import { performAction } from './action.ts'
import { type Env, receive, requireSignature } from './middleware.ts'
import { authService } from './auth-service.ts'
import { chat } from './chat.ts'
import {
  answerEndpoint,
  answerEndpoints,
  answerImportedModels,
  answerModel,
  answerModels,
} from './control-plane.ts'
import { chooseCredentials, type CredentialOptions } from './credentials.ts'
import { EMBED_TEXT } from './embeddings/embed-text.ts'
import type { ReceivedRequest } from './exchange.ts'
import { notFound, type ServiceError } from './service-error.ts'
import { APPLY_GUARDRAILS } from './guardrails/apply-guardrails.ts'
import { answerGuardrailVersions } from './guardrails/versions.ts'
import { checkHost } from './hosts.ts'
import { identityDomain } from './identity-domain.ts'
import { metadataService } from './metadata-service.ts'
import { openAiEndpoint } from './openai-endpoint.ts'
import { proxymux } from './proxymux.ts'
import { RERANK_TEXT } from './rerank-text.ts'
import { tokenKeyFinder } from './tokens/find-holder.ts'
import { publicKeyFinder } from './verify-signature.ts'
import { reject, type SimulatorContext } from './context.ts'

export interface SimulatorOptions extends CredentialOptions {
  /** Who may call: a public key for each `keyId`. */
  publicKeys: ReadonlyMap<string, CryptoKey>
  /** The secrets of Generative AI's own API keys, which only its OpenAI endpoint takes. */
  bearerKeys?: ReadonlySet<string>
  /** Whether every call of the OpenAI endpoint has to name a project. */
  requireProject?: boolean
  /** Whether responses are kept for later; some tenancies have agreed that nothing is. */
  storeResponses?: boolean
  /** Milliseconds since the epoch. */
  now?: () => number
  /** Milliseconds between the events of a stream; 15, so that a stream can be seen. */
  eventDelay?: number
  /** Sees every request as it arrived, before anything is checked. */
  onRequest?: (seen: ReceivedRequest) => void
  /** Learns why a request was refused, in more words than the answer. */
  onError?: (error: ServiceError) => void
}

/** OCI, as a fetch handler: give its `fetch` to a platform, or to a target. */
export interface Simulator {
  fetch(request: Request): Promise<Response>
}

/** Makes an OCI Generative AI that knows the given callers, and holds them to its specification. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { now = Date.now, eventDelay = 15, onRequest, onError } = options
  const { bearerKeys = new Set(), requireProject = false, storeResponses = true } = options
  const context: SimulatorContext = {
    now,
    eventDelay,
    calls: new Map(),
    onError: (error) => onError?.(error),
  }
  const credentials = chooseCredentials(options, now)
  const findKey = tokenKeyFinder(credentials.issuer, publicKeyFinder(options.publicKeys))
  const store = { keeps: storeResponses, responses: new Map() }
  const openAi = openAiEndpoint(context, { findKey, bearerKeys, requireProject }, store)
  const app = new Hono<Env>()
    .use(receive(onRequest))
    .use(checkHost(context))
    .route('/opc/v2', metadataService(context, credentials))
    .route('/', proxymux(context, credentials))
    .route('/', identityDomain(context, credentials, findKey))
    .route('/', authService(context, credentials, findKey))
    .route('/openai/v1', openAi)
    .route('/20231130/actions/v1', openAi)
    .use(requireSignature(context, findKey))
    .route('/20231130', actions(context))
    .route('/20231130', lists(context))
  app.notFound((c) => settle(notFound(`no route "${c.req.path}"`), context))
  app.onError((error) => {
    throw error
  })
  return { fetch: async (request) => await app.fetch(request) }
}

function actions(context: SimulatorContext): Hono<Env> {
  return new Hono<Env>()
    .post('/actions/chat', (c) => chat(c.get('exchange'), c.get('keyId'), context))
    .post(
      '/actions/embedText',
      (c) => performAction(EMBED_TEXT, c.get('exchange'), c.get('keyId'), context),
    )
    .post(
      '/actions/rerankText',
      (c) => performAction(RERANK_TEXT, c.get('exchange'), c.get('keyId'), context),
    )
    .post(
      '/actions/applyGuardrails',
      (c) => performAction(APPLY_GUARDRAILS, c.get('exchange'), c.get('keyId'), context),
    )
}

function lists(context: SimulatorContext): Hono<Env> {
  return new Hono<Env>()
    .get('/models', (c) => settle(answerModels(queryOf(c), c.get('keyId')), context))
    .get('/models/:id', (c) => settle(answerModel(c.req.param('id')), context))
    .get(
      '/importedModels',
      (c) => settle(answerImportedModels(queryOf(c), c.get('keyId')), context),
    )
    .get('/endpoints', (c) => settle(answerEndpoints(queryOf(c), c.get('keyId')), context))
    .get(
      '/endpoints/:id',
      (c) => settle(answerEndpoint(c.req.param('id'), c.get('keyId')), context),
    )
    .get('/guardrailVersions', (c) => {
      const compartment = c.req.header('opc-compartment-id') ?? null
      return settle(answerGuardrailVersions(queryOf(c), compartment, c.get('keyId')), context)
    })
}

function settle(answer: Response | ServiceError, context: SimulatorContext): Response {
  return answer instanceof Response ? answer : reject(answer, context)
}

function queryOf({ req }: { req: { url: string } }): URLSearchParams {
  return new URL(req.url).searchParams
}
