import { Hono } from 'hono'
import { act } from './action.ts'
import { admit, type Env, meet } from './admit.ts'
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
import type { SeenRequest } from './exchange.ts'
import { notFound, type Refusal } from './refusal.ts'
import { APPLY_GUARDRAILS } from './guardrails/apply-guardrails.ts'
import { answerGuardrailVersions } from './guardrails/versions.ts'
import { keepToHost } from './hosts.ts'
import { identityDomain } from './identity-domain.ts'
import { metadataService } from './metadata-service.ts'
import { openAiEndpoint } from './openai-endpoint.ts'
import { proxymux } from './proxymux.ts'
import { RERANK_TEXT } from './rerank-text.ts'
import { tokenHolders } from './tokens/find-holder.ts'
import { knownKeys } from './verify-signature.ts'
import { refuse, type World } from './context.ts'

export interface SimulatorOptions extends CredentialOptions {
  /** Who may call: a public key for each `keyId`. */
  publicKeys: ReadonlyMap<string, CryptoKey>
  /** The secrets of Generative AI's own API keys, which only its OpenAI endpoint takes. */
  bearerKeys?: ReadonlySet<string>
  /** Whether every call of the OpenAI endpoint has to name a project. */
  wantsProject?: boolean
  /** Whether responses are kept for later; some tenancies have agreed that nothing is. */
  keepsResponses?: boolean
  /** Milliseconds since the epoch. */
  now?: () => number
  /** Milliseconds between the events of a stream; 15, so that a stream can be seen. */
  eventDelay?: number
  /** Sees every request as it arrived, before anything is checked. */
  onRequest?: (seen: SeenRequest) => void
  /** Learns why a request was refused, in more words than the answer. */
  onRefusal?: (refusal: Refusal) => void
}

/** OCI, as a fetch handler: give its `fetch` to a platform, or to a server. */
export interface Simulator {
  fetch(request: Request): Promise<Response>
}

/** Makes an OCI Generative AI that knows the given callers, and holds them to its specification. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { now = Date.now, eventDelay = 15, onRequest, onRefusal } = options
  const { bearerKeys = new Set(), wantsProject = false, keepsResponses = true } = options
  const world: World = {
    now,
    eventDelay,
    calls: new Map(),
    onRefusal: (refusal) => onRefusal?.(refusal),
  }
  const credentials = chooseCredentials(options, now)
  const findKey = tokenHolders(credentials.issuer, knownKeys(options.publicKeys))
  const store = { keeps: keepsResponses, responses: new Map() }
  const openAi = openAiEndpoint(world, { findKey, bearerKeys, wantsProject }, store)
  const app = new Hono<Env>()
    .use(meet(onRequest))
    .use(keepToHost(world))
    .route('/opc/v2', metadataService(world, credentials))
    .route('/', proxymux(world, credentials))
    .route('/', identityDomain(world, credentials, findKey))
    .route('/', authService(world, credentials, findKey))
    .route('/openai/v1', openAi)
    .route('/20231130/actions/v1', openAi)
    .use(admit(world, findKey))
    .route('/20231130', actions(world))
    .route('/20231130', lists(world))
  app.notFound((c) => settle(notFound(`no route "${c.req.path}"`), world))
  app.onError((error) => {
    throw error
  })
  return { fetch: async (request) => await app.fetch(request) }
}

function actions(world: World): Hono<Env> {
  return new Hono<Env>()
    .post('/actions/chat', (c) => chat(c.get('exchange'), c.get('keyId'), world))
    .post('/actions/embedText', (c) => act(EMBED_TEXT, c.get('exchange'), c.get('keyId'), world))
    .post('/actions/rerankText', (c) => act(RERANK_TEXT, c.get('exchange'), c.get('keyId'), world))
    .post(
      '/actions/applyGuardrails',
      (c) => act(APPLY_GUARDRAILS, c.get('exchange'), c.get('keyId'), world),
    )
}

function lists(world: World): Hono<Env> {
  return new Hono<Env>()
    .get('/models', (c) => settle(answerModels(queryOf(c), c.get('keyId')), world))
    .get('/models/:id', (c) => settle(answerModel(c.req.param('id')), world))
    .get('/importedModels', (c) => settle(answerImportedModels(queryOf(c), c.get('keyId')), world))
    .get('/endpoints', (c) => settle(answerEndpoints(queryOf(c), c.get('keyId')), world))
    .get('/endpoints/:id', (c) => settle(answerEndpoint(c.req.param('id'), c.get('keyId')), world))
    .get('/guardrailVersions', (c) => {
      const compartment = c.req.header('opc-compartment-id') ?? null
      return settle(answerGuardrailVersions(queryOf(c), compartment, c.get('keyId')), world)
    })
}

function settle(answer: Response | Refusal, world: World): Response {
  return answer instanceof Response ? answer : refuse(answer, world)
}

function queryOf({ req }: { req: { url: string } }): URLSearchParams {
  return new URL(req.url).searchParams
}
