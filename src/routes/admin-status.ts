import { type Context, Hono } from 'hono'
import type { ConcurrencyLimiter } from '../access/concurrency-limiter.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { OciClient } from '../oci/client.ts'
import type { Platform } from '../platform.ts'
import { createPriceBook } from '../prices/price-book.ts'
import type { ClientActivity } from '../telemetry/client-activity.ts'
import type { GatewayFacts } from '../telemetry/gateway-facts.ts'
import type { RecentRequests } from '../telemetry/recent-requests.ts'
import { withTimeout } from '../timeout.ts'
import { VERSION } from '../version.ts'
import { abortWithClient } from './abort-with-client.ts'
import { findProblem } from './gateway-problem.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { viewRequest } from './request-view.ts'

/** What the status and the list of requests are read from. */
export interface StatusContext {
  oci: OciClient
  platform: Pick<Platform, 'now'>
  /** When the gateway started, in milliseconds since the epoch. */
  startedAt: number
  limiter: ConcurrencyLimiter
  activity: ClientActivity
  recent: RecentRequests
  facts: GatewayFacts | undefined
  access: { hasStore: boolean; hasAdminKey: boolean }
}

/** Milliseconds for OCI's list of models, which the status does without. */
const LIST_TIMEOUT = 3_000

/** `GET /status` and `GET /requests`: what the console shows, without any content or secret. */
export function adminStatus(context: StatusContext): Hono<GatewayEnvironment> {
  const { recent, startedAt: since, access: { hasStore } } = context
  const prices = hasStore ? undefined : createPriceBook([])
  return new Hono<GatewayEnvironment>()
    .get('/status', async (c) => c.json(await readStatus(c, context, since)))
    .get('/requests', (c) => {
      const id = c.req.query('id')
      const records = recent.list()
      const found = id === undefined ? records : records.filter(({ requestId }) => requestId === id)
      return c.json({
        ...{ since: new Date(since).toISOString(), capacity: recent.capacity },
        requests: found.map((record) => viewRequest(record, prices)),
      })
    })
    .all('/status', methodNotAllowed('GET'))
    .all('/requests', methodNotAllowed('GET'))
}

async function readStatus(
  c: Context<GatewayEnvironment>,
  { oci, platform, limiter, activity, facts, access }: StatusContext,
  since: number,
) {
  const call = { requestId: c.get('requestId'), signal: abortWithClient(c, LIST_TIMEOUT).signal }
  const list = await withTimeout(LIST_TIMEOUT, oci.listModels(call).catch(() => undefined))
  const isReady = await oci.isReady()
  const clockOffset = facts?.clockOffset() ?? 0
  return {
    version: VERSION,
    ...{ startedAt: timeOf(since), now: timeOf(platform.now()) },
    credential: facts ? describeCredential(facts) : null,
    ...{ regions: facts?.regions ?? [], clockOffsetSeconds: Math.round(clockOffset / 1000) },
    models: list
      ? { count: list.models.filter(({ retired }) => !retired).length, builtIn: !!list.failure }
      : null,
    ...{ ready: isReady, draining: limiter.isDraining },
    problem: findProblem({ isReady, failure: list?.failure, clockOffset }) ?? null,
    ...{ store: access.hasStore, adminKey: access.hasAdminKey },
    load: { active: limiter.active, max: limiter.max === Infinity ? null : limiter.max },
    circuits: facts?.circuits() ?? [],
    quirks: Object.fromEntries(oci.quirks()),
    clients: activity.list(),
  }
}

function describeCredential({ credential: { kind, source, expiresAt } }: GatewayFacts) {
  const end = expiresAt()
  return { kind, source, expiresAt: end === undefined ? null : timeOf(end) }
}

function timeOf(time: number): string {
  return new Date(time).toISOString()
}
