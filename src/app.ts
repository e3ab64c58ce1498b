import { Hono, type MiddlewareHandler } from 'hono'
import { DEFAULT_DOOR, type Door } from './access/door.ts'
import { createGuessLimit } from './access/guesses.ts'
import { createKeyCheck } from './access/keys.ts'
import { createTurnstile, type Turnstile } from './access/turnstile.ts'
import type { Config } from './config.ts'
import { ApiError } from './errors.ts'
import { allowOrigins } from './middleware/allow-origins.ts'
import { authenticate } from './middleware/authenticate.ts'
import { checkHost } from './middleware/check-host.ts'
import { checkOrigin } from './middleware/check-origin.ts'
import { identify } from './middleware/identify.ts'
import { limitRequests } from './middleware/limit-requests.ts'
import { logRequests } from './middleware/log-requests.ts'
import { drawError, renderError } from './middleware/render-error.ts'
import type { OciClient } from './oci/client.ts'
import { createMemoryStore } from './openai/responses/memory-store.ts'
import { createResponseOwners, DEFAULT_RESPONSE_OWNERS_LIMITS } from './openai/responses/owners.ts'
import type { Platform } from './platform.ts'
import { chatCompletions } from './routes/chat-completions.ts'
import { completions } from './routes/completions.ts'
import type { GatewayEnvironment } from './middleware/environment.ts'
import type { RouteContext } from './routes/context.ts'
import { embeddings } from './routes/embeddings.ts'
import { health } from './routes/health.ts'
import { messages } from './routes/messages.ts'
import { models } from './routes/models.ts'
import { moderations } from './routes/moderations.ts'
import { rerank } from './routes/rerank.ts'
import { responses } from './routes/responses.ts'
import { storedResponses } from './routes/stored-responses.ts'

export interface AppOptions {
  config:
    & Pick<Config, 'clientKeys' | 'bodyLimit' | 'heartbeat'>
    & Partial<Pick<Config, 'responseStore' | 'timeouts' | 'door'>>
  oci: OciClient
  platform: Platform
  /** Counts the requests at work; one of its own when absent. */
  turnstile?: Turnstile
}

/** The gateway, as one fetch handler: what every request passes, then what it may ask for. */
export async function createApp(options: AppOptions): Promise<Hono<GatewayEnvironment>> {
  const { config, oci, platform } = options
  const { heartbeat, timeouts, door = DEFAULT_DOOR } = config
  const { turnstile = createTurnstile(door.requests) } = options
  const context: RouteContext = {
    ...{ oci, platform, heartbeat, total: timeouts?.total ?? 0 },
    bodyLimit: { bytes: config.bodyLimit, time: door.bodyTime },
    responses: config.responseStore && createMemoryStore(config.responseStore, platform.now),
    responseOwners: config.clientKeys.length > 0
      ? createResponseOwners(DEFAULT_RESPONSE_OWNERS_LIMITS, platform.now)
      : undefined,
  }
  const app = new Hono<GatewayEnvironment>({ strict: false })
    .use(identify(platform))
    .use(logRequests(platform))
    .onError(renderError(platform))
    .notFound((c) => {
      throw notFound(c.req.path)
    })
  if (door.origins.length > 0) app.use(allowOrigins(door.origins))
  for (const base of ['/', '/v1']) app.route(base, health(context, turnstile))
  for (const middleware of await doorkeepers(config, door, platform)) app.use(middleware)
  app.use(limitRequests(turnstile))
  for (const base of ['/', '/v1']) {
    app.route(base, chatCompletions(context)).route(base, models(context))
      .route(base, completions(context))
      .route(base, embeddings(context))
      .route(base, moderations(context))
      .route(base, rerank(context))
      .route(base, responses(context))
      .route(base, storedResponses(context))
      .route(base, messages(context))
  }
  app.route('/v2', rerank(context))
  return app
}

/** With keys, they decide; without, being on this machine does, and pages of other sites are not. */
async function doorkeepers(
  { clientKeys }: AppOptions['config'],
  { hosts, origins, guesses }: Door,
  { now }: Platform,
): Promise<MiddlewareHandler<GatewayEnvironment>[]> {
  return clientKeys.length > 0
    ? [authenticate(await createKeyCheck(clientKeys), createGuessLimit(guesses, now))]
    : [checkHost(hosts), checkOrigin(origins)]
}

/** A gateway that cannot work, and says to everybody why. */
export function createUnreadyApp(error: ApiError): Hono {
  return new Hono().all('*', (c) => c.json(drawError(error, c.req.path, undefined).body, 500))
}

function notFound(path: string): ApiError {
  const hint = path.startsWith('/v1/v1/') ? ': "/v1" is in the base URL twice' : ''
  return new ApiError('not_found', `Cannot find "${path.slice(0, 200)}"${hint}`)
}
