import { type Context, Hono } from 'hono'
import { type BilledUsage, createMeter } from './billing/meter.ts'
import { usageApi } from './billing/usage-api.ts'
import { performAction } from './action.ts'
import {
  DEFAULT_BEHAVIOR,
  type ServiceBehavior,
  withEmbeddingTypes,
  withRerankId,
} from './service-behavior.ts'
import { type Capacity, createCapacity, limitCapacity } from './capacity.ts'
import { checkHost, receive, requireSignature } from './middleware.ts'
import { type Env, queryOf, respond, type SimulatorContext } from './context.ts'
import { authService } from './auth-service.ts'
import { chat } from './chat.ts'
import {
  answerDiscovery,
  answerEndpoint,
  answerEndpoints,
  answerImportedModels,
  answerModel,
  answerModels,
  answerProfile,
} from './control-plane.ts'
import { type CredentialOptions, credentialsFrom } from './credentials.ts'
import { EMBED_TEXT } from './embeddings/embed-text.ts'
import type { ReceivedRequest } from './exchange.ts'
import { notFound, type ServiceError } from './service-error.ts'
import { APPLY_GUARDRAILS } from './guardrails/apply-guardrails.ts'
import { answerGuardrailVersions } from './guardrails/versions.ts'
import { identityDomain } from './identity-domain.ts'
import { identityService } from './identity-service.ts'
import { metadataService } from './metadata-service.ts'
import { createObjectState } from './objects/state.ts'
import { openAiControl, openAiEndpoint } from './openai-endpoint.ts'
import { proxymux } from './proxymux.ts'
import { RERANK_TEXT } from './rerank-text.ts'
import { checkPolicies, checkSubscription, regionOfHost, type SimulatedTenancy } from './tenancy.ts'
import { tokenKeyFinder } from './tokens/issuer.ts'
import { publicKeyFinder } from './verify-signature.ts'

/** The options of a simulator; only `publicKeys` is required. */
export interface SimulatorOptions extends CredentialOptions {
  /** The public keys of the accepted API keys, by `keyId` (`tenancy/user/fingerprint`). */
  publicKeys: ReadonlyMap<string, CryptoKey>
  /** The secrets of Generative AI API keys, which only the OpenAI endpoint accepts. */
  bearerKeys?: ReadonlySet<string>
  /** The only region that accepts them. Default: any. */
  bearerRegion?: string
  /** The regions, models, compartments and policies of the tenancy. Default: all, without limits. */
  tenancy?: SimulatedTenancy
  /** Whether calls of the OpenAI endpoint need the header `OpenAI-Project`. Default: `false`. */
  requireProject?: boolean
  /** Whether the Responses API stores responses; `false` is zero data retention. Default: `true`. */
  storeResponses?: boolean
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number
  /** Milliseconds after the end of a day until the Usage API knows its usage. Default: known at once. */
  usageLag?: number
  /** Milliseconds between the events of a stream. Default: 15, so that streaming is visible. */
  eventDelay?: number
  /** How it behaves where sources contradict each other. Default: as most of them say. */
  behavior?: Partial<ServiceBehavior>
  /** A hidden limit on concurrent inference calls. Default: none. */
  capacity?: Capacity
  /** Called with every request before it is checked. */
  onRequest?: (request: ReceivedRequest) => void
  /** Called with every error; its `reason` says more than the response. */
  onError?: (error: ServiceError) => void
}

/** A simulated OCI. Pass `fetch` to the gateway instead of the global one, or to an HTTP server. */
export interface Simulator {
  fetch(request: Request): Promise<Response>
  /** What was billed, by day and part number, as the Usage API answers it. */
  billed(): readonly BilledUsage[]
}

/**
 * Creates a simulator of OCI Generative AI: inference, the OpenAI endpoint, the control plane, the
 * list of compartments, the Usage API and the services that issue credentials. It verifies signatures and validates
 * requests against the official SDK's models and the vendors' documented rules. Directives in a prompt
 * or a model's name (see `DIRECTIVES`) select answers and faults.
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { now = Date.now, onRequest, usageLag = 0, tenancy = {}, bearerRegion } = options
  const { bearerKeys = new Set(), requireProject = false, storeResponses = true } = options
  const context = createContext(options, now)
  const withinCapacity = limitCapacity(options.capacity ?? createCapacity(), context)
  const credentials = credentialsFrom(options, now)
  const findKey = tokenKeyFinder(credentials.issuer, publicKeyFinder(options.publicKeys))
  const store = { enabled: storeResponses, responses: new Map() }
  const access = { findKey, bearerKeys, requireProject, bearerRegion }
  const objects = createObjectState()
  const openAi = openAiEndpoint(context, access, { ...store, objects })
  const app = new Hono<Env>()
    .use(receive(onRequest, now))
    .use(checkHost(context))
    .route('/opc/v2', metadataService(context, credentials))
    .route('/', proxymux(context, credentials))
    .route('/', identityDomain(context, credentials, findKey))
    .route('/', authService(context, credentials, findKey))
    .use('/openai/v1/*', withinCapacity)
    .use('/20231130/actions/*', withinCapacity)
    .route('/20231130/openai/v1', openAiControl(context, access, objects))
    .route('/openai/v1', openAi)
    .route('/20231130/actions/v1', openAi)
    .use(checkSubscription(context, tenancy))
    .use(requireSignature(context, findKey, bearerKeys))
    .route('/20160918', identityService(context, tenancy))
    .route('/20200107', usageApi(context, usageLag))
    .use(checkPolicies(context, tenancy))
    .route('/20231130', actions(context))
    .route('/20231130', lists(context, tenancy))
  app.notFound((c) => respond(notFound(`no route "${c.req.path}"`), context))
  app.onError((error) => {
    throw error
  })
  return { fetch: async (request) => await app.fetch(request), billed: context.meter.billed }
}

function createContext(
  { eventDelay = 15, onError, behavior }: SimulatorOptions,
  now: () => number,
): SimulatorContext {
  return {
    behavior: { ...DEFAULT_BEHAVIOR, ...behavior },
    ...{ now, eventDelay, calls: new Map(), meter: createMeter(now) },
    onError: (error) => onError?.(error),
  }
}

function actions(context: SimulatorContext): Hono<Env> {
  return new Hono<Env>()
    .post('/actions/chat', (c) => chat(c.get('exchange'), c.get('keyId'), context))
    .post(
      '/actions/embedText',
      (c) => {
        const exchange = withEmbeddingTypes(c.get('exchange'), context.behavior)
        return performAction(EMBED_TEXT, exchange, c.get('keyId'), context)
      },
    )
    .post(
      '/actions/rerankText',
      (c) => {
        const exchange = withRerankId(c.get('exchange'), context.behavior)
        return performAction(RERANK_TEXT, exchange, c.get('keyId'), context)
      },
    )
    .post(
      '/actions/applyGuardrails',
      (c) => performAction(APPLY_GUARDRAILS, c.get('exchange'), c.get('keyId'), context),
    )
}

function lists(
  context: SimulatorContext,
  { models, hasModelDiscovery = true }: SimulatedTenancy,
): Hono<Env> {
  return new Hono<Env>()
    .get('/modelDiscovery', (c) => {
      const served = (region: string) => models?.get(region)
      return respond(
        hasModelDiscovery
          ? answerDiscovery(queryOf(c), c.get('keyId'), served, context.now())
          : notFound('no model discovery'),
        context,
      )
    })
    .get('/models', (c) => {
      const served = models?.get(regionOfHost(c.get('exchange').url.hostname) ?? '')
      return respond(answerModels(queryOf(c), c.get('keyId'), served), context)
    })
    .get('/models/:id', (c) => respond(answerModel(c.req.param('id'), hostOf(c)), context))
    .get(
      '/importedModels',
      (c) => respond(answerImportedModels(queryOf(c), c.get('keyId')), context),
    )
    .get('/endpoints', (c) => respond(answerEndpoints(queryOf(c), c.get('keyId')), context))
    .get(
      '/endpoints/:id',
      (c) => respond(answerEndpoint(c.req.param('id'), c.get('keyId'), hostOf(c)), context),
    )
    .get(
      '/routingProfiles/:id',
      (c) => respond(answerProfile(c.req.param('id'), c.get('keyId'), hostOf(c)), context),
    )
    .get('/guardrailVersions', (c) => {
      const compartment = c.req.header('opc-compartment-id') ?? null
      return respond(answerGuardrailVersions(queryOf(c), compartment, c.get('keyId')), context)
    })
}

function hostOf(c: Context<Env>): string {
  return c.get('exchange').url.hostname
}
