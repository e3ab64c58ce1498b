import { Hono, type MiddlewareHandler } from 'hono'
import { createClientAddress } from './access/client-address.ts'
import type { FailedAuthLimiter } from './access/failed-auth-limiter.ts'
import { createKeyCheck } from './access/keys.ts'
import { type AppState, createAppState } from './app-state.ts'
import type { Config } from './config/read.ts'
import { ApiError } from './errors.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { allowOrigins } from './middleware/allow-origins.ts'
import { authenticate } from './middleware/authenticate.ts'
import { authenticateStored } from './middleware/authenticate-stored.ts'
import { createCachedRouter } from './middleware/cached-router.ts'
import { checkHost } from './middleware/check-host.ts'
import { checkOrigin } from './middleware/check-origin.ts'
import { dialectOf } from './middleware/dialect.ts'
import { gatewayPath } from './middleware/gateway-path.ts'
import { assignRequestId } from './middleware/request-id.ts'
import { identifyClient } from './middleware/identify-client.ts'
import { requestLifecycle } from './middleware/lifecycle.ts'
import { limitConcurrency } from './middleware/limit-concurrency.ts'
import { logRequests } from './middleware/log-requests.ts'
import { meterRequests } from './middleware/meter-requests.ts'
import { recordRequests } from './middleware/record-requests.ts'
import { requireAdminKey } from './middleware/require-admin-key.ts'
import { requireNoKey } from './middleware/require-no-key.ts'
import { rejectWebSocket } from './middleware/reject-web-socket.ts'
import { renderApiError, renderError } from './middleware/render-error.ts'
import { traceRequests } from './middleware/trace-requests.ts'
import type { StoreServices } from './metering/store-services.ts'
import type { OciClient } from './oci/client.ts'
import type { Platform } from './platform.ts'
import { adminKeys } from './routes/admin.ts'
import { adminReports } from './routes/admin-reports.ts'
import { adminStatus, type StatusContext } from './routes/admin-status.ts'
import { chatCompletions } from './routes/chat-completions.ts'
import { compactResponses } from './routes/compact-responses.ts'
import { completions } from './routes/completions.ts'
import { consolePage } from './routes/console.ts'
import type { GatewayEnvironment } from './middleware/environment.ts'
import type { RouteContext } from './routes/context.ts'
import { embeddings } from './routes/embeddings.ts'
import { health, verboseReadiness } from './routes/health.ts'
import { messages } from './routes/messages.ts'
import { metrics } from './routes/metrics.ts'
import { models } from './routes/models.ts'
import { moderations } from './routes/moderations.ts'
import { openApi } from './routes/openapi.ts'
import { passedEndpoints } from './routes/passed-endpoints.ts'
import { rerank } from './routes/rerank.ts'
import { responses } from './routes/responses.ts'
import { storedResponses } from './routes/stored-responses.ts'
import { unknownPath } from './routes/unknown-path.ts'
import type { GatewayFacts } from './telemetry/gateway-facts.ts'
import type { RequestObserver } from './telemetry/request-record.ts'
import type { Telemetry } from './telemetry/telemetry.ts'

export interface AppOptions {
  config:
    & Pick<Config, 'access' | 'heartbeat'>
    & Partial<Pick<Config, 'responseStore' | 'timeouts' | 'limits' | 'console'>>
  oci: OciClient
  platform: Platform
  /** Default: a new one with the settings of `config`. */
  state?: AppState
  /** Metrics and traces; absent: none. */
  telemetry?: Telemetry | undefined
  /** The store of keys and budgets; absent: the keys of the configuration are unlimited. */
  stored?: StoreServices | undefined
  /** What the console shows about the gateway. */
  facts?: GatewayFacts | undefined
  /** Whether requests need a key even if the store has none, because other machines reach it. */
  needsKey?: boolean
  /** Disables concurrency and body limits: Workers may end a request without running its code. */
  isUncounted?: boolean
}

/** For the message of a request for metrics without their key. */
const METRICS_KEY = 'GATEWAY_METRICS_KEY or GATEWAY_ADMIN_KEY'

const BASES = ['/', '/v1']
/** Bases of Azure's clients. A deployment in the path is the model. */
const AZURE_BASES = ['/openai', '/openai/v1', '/openai/deployments/:deployment']

/** Creates the gateway as one fetch handler: middleware for every request, then the routes. */
export async function createApp(options: AppOptions): Promise<Hono<GatewayEnvironment>> {
  const { config, oci, platform, stored, telemetry, isUncounted = false } = options
  const { heartbeat, timeouts, limits = DEFAULT_LIMITS } = config
  const { state = createAppState(config, platform, isUncounted, stored) } = options
  const { limiter, bodies, failures } = state
  const { status, observers } = createObservation(options, state)
  const context: RouteContext = {
    ...{ oci, platform, heartbeat, total: timeouts?.total ?? 0, limits: limits.request },
    body: {
      ...{ ...limits, budget: bodies, uploads: state.uploads },
      decompressors: platform.decompressors,
      yieldToEventLoop: state.yieldToEventLoop,
    },
    responses: responsesOf(config, state),
    // Only clients with keys have objects of their own.
    owners: stored || config.access.apiKeys.length > 0 ? state.owners : undefined,
  }
  const app = createBase(options, observers)
  for (const base of BASES) app.route(base, health(oci, limiter))
  app.route('/', openApi())
  if (config.console) app.route('/', consolePage())
  app.route('/admin/v1', await administration({ ...context, stored, status }, options, failures))
  await protectMetrics(app, options, failures)
  for (const middleware of await accessControl(options, failures)) app.use(middleware)
  if (telemetry) app.route('/', metrics(telemetry))
  for (const base of BASES) app.route(base, verboseReadiness(oci, limiter, bodies, status.activity))
  app.use(limitConcurrency(limiter))
  if (stored) app.use(meterRequests(stored.metering, platform))
  for (const base of [...BASES, ...AZURE_BASES]) mountRoutes(app, base, context)
  app.route('/v2', rerank(context))
  return app
}

/** Creates what records requests, and what the console reads. */
function createObservation(
  { oci, platform, stored, telemetry, facts, config: { access } }: AppOptions,
  { limiter, activity, recent, startedAt }: AppState,
): { status: StatusContext; observers: readonly RequestObserver[] } {
  return {
    status: {
      ...{ oci, platform, limiter, activity, recent, startedAt, facts },
      access: { hasStore: stored !== undefined, hasAdminKey: access.adminKey !== undefined },
    },
    observers: [
      ...[recent.add, ...telemetry ? [telemetry.observe] : []],
      ({ sender: { userAgent }, path, status, error }) =>
        activity.record({ userAgent, path, status, error }),
    ],
  }
}

/** Creates an app with the middleware of every request, without routes. */
function createBase(
  { platform, telemetry, config: { access } }: AppOptions,
  observers: readonly RequestObserver[],
): Hono<GatewayEnvironment> {
  const onError = renderError(platform)
  const app = new Hono<GatewayEnvironment>({ getPath: gatewayPath, router: createCachedRouter() })
    .use(requestLifecycle({
      around: [
        assignRequestId(platform),
        logRequests(platform),
        ...telemetry ? [traceRequests(telemetry)] : [],
        recordRequests(platform, observers),
        identifyClient(createClientAddress(access.trustedProxies)),
      ],
      checks: [rejectWebSocket],
      renderError: onError,
    }))
    .onError(onError)
    .notFound((c) => {
      throw unknownPath(c.req.path)
    })
  if (access.allowedOrigins.length > 0) app.use(allowOrigins(access.allowedOrigins))
  return app
}

/** With a key of its own, `/metrics` needs it. Otherwise it needs what other requests need. */
async function protectMetrics(
  app: Hono<GatewayEnvironment>,
  { telemetry, config: { access } }: AppOptions,
  failures: FailedAuthLimiter,
): Promise<void> {
  const keys = [access.metricsKey, access.adminKey].flatMap((key) => key ?? [])
  if (!telemetry || keys.length === 0) return
  const guard = requireAdminKey(await createKeyCheck(keys), failures, METRICS_KEY)
  app.use('/metrics', guard).route('/', metrics(telemetry))
}

/**
 * The administration API. Without an administration key only its reading paths exist, on a gateway
 * without any key. Keys, teams and reports need a store.
 */
async function administration(
  { stored, status, ...context }: Pick<RouteContext, 'platform' | 'body' | 'limits'> & {
    stored: StoreServices | undefined
    status: StatusContext
  },
  { config: { access }, needsKey = false }: AppOptions,
  failures: FailedAuthLimiter,
): Promise<Hono<GatewayEnvironment>> {
  const app = new Hono<GatewayEnvironment>()
  const { adminKey, apiKeys } = access
  const hasKeys = () => needsKey || apiKeys.length > 0 || (stored?.keys.areRequired() ?? false)
  const guard = adminKey === undefined
    ? requireNoKey(hasKeys, localChecks(access), unknownPath)
    : requireAdminKey(await createKeyCheck([adminKey]), failures)
  app.use('/status', guard).use('/requests', guard).route('/', adminStatus(status))
  if (stored && adminKey !== undefined) {
    const own = { ...context, stored }
    app.use(guard).route('/', adminKeys(own)).route('/', adminReports(own))
  }
  return app.all('/*', (c) => {
    throw unknownPath(c.req.path)
  })
}

/** The checks of requests without a key: programs of this machine, and pages of allowed origins. */
function localChecks(
  { allowedHosts, allowedOrigins }: Config['access'],
): MiddlewareHandler<GatewayEnvironment>[] {
  return [checkHost(allowedHosts), checkOrigin(allowedOrigins)]
}

function mountRoutes(app: Hono<GatewayEnvironment>, base: string, context: RouteContext): void {
  app.route(base, chatCompletions(context)).route(base, models(context))
    .route(base, completions(context))
    .route(base, embeddings(context))
    .route(base, moderations(context))
    .route(base, rerank(context))
    .route(base, responses(context))
    // Before the paths with the id of a response.
    .route(base, compactResponses(context))
    .route(base, storedResponses(context))
    .route(base, passedEndpoints(context))
    .route(base, messages(context))
}

/** Checks the key or, without keys, allows local programs and pages of allowed origins only. */
async function accessControl(
  { config: { access }, platform: { now }, stored, needsKey = false }: AppOptions,
  failures: FailedAuthLimiter,
): Promise<MiddlewareHandler<GatewayEnvironment>[]> {
  const { apiKeys } = access
  const configured = apiKeys.length > 0 ? await createKeyCheck(apiKeys) : undefined
  const withoutKey = localChecks(access)
  if (stored) {
    const { keys } = stored
    return [authenticateStored({ keys, configured, failures, now, needsKey, withoutKey })]
  }
  return configured ? [authenticate(configured, failures)] : withoutKey
}

/**
 * Creates the app of a gateway that could not start, on a runtime without a terminal. Responses have
 * the error's code and a reference to the log. The log has the message, which may quote settings.
 */
export function createUnreadyApp({ code }: ApiError, reference: string): Hono {
  const error = new ApiError(
    code,
    `The gateway is not configured correctly. Its log has the error, reference ${reference}`,
  )
  return new Hono().all(
    '*',
    (c) => c.json(renderApiError(error, dialectOf(c.req), reference).body, 500),
  )
}

/** Stores responses where all processes find them, if there is a store, else in this process. */
function responsesOf(
  { responseStore }: AppOptions['config'],
  { responses, sharedResponses }: AppState,
): RouteContext['responses'] {
  if (!responseStore) return undefined
  return responseStore.isShared && sharedResponses ? sharedResponses : responses
}
