import { type Context, Hono } from 'hono'
import type { BodyBudget } from '../access/body-budget.ts'
import type { ConcurrencyLimiter } from '../access/concurrency-limiter.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { OciClient } from '../oci/client.ts'
import type { ClientActivity } from '../telemetry/client-activity.ts'
import { methodNotAllowed } from './method-not-allowed.ts'

/**
 * `GET /health`, `/livez`, `/readyz` and `/ready`, which require no key. The gateway is not ready (503)
 * while its token has expired and cannot be renewed, while all permits are held, and while it drains.
 * OCI's Hosted Applications ask `/health` and `/ready`, whose paths are fixed.
 */
export function health(oci: OciClient, limiter: ConcurrencyLimiter): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .get('/health', (c) => c.json({ status: 'ok' }))
    .get('/livez', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c, next) => {
      // The load and the learned quirks are only for clients that pass access control.
      if (isVerbose(c)) return await next()
      return await isReady(oci, limiter) ? c.json(READY) : c.json(NOT_READY, 503)
    })
    .get(
      '/ready',
      async (c) => await isReady(oci, limiter) ? c.json(READY) : c.json(NOT_READY, 503),
    )
    .on(
      ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      ['/health', '/livez', '/readyz', '/ready'],
      methodNotAllowed('GET'),
    )
}

/** `GET /readyz?verbose`, behind access control: readiness, load, learned quirks and kinds of clients. */
export function verboseReadiness(
  oci: OciClient,
  limiter: ConcurrencyLimiter,
  budget: BodyBudget,
  activity: ClientActivity,
): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .get('/readyz', async (c) => {
      const details = {
        requests: usageOf(limiter),
        bodyBytes: usageOf(budget),
        rateLimits: oci.rateLimits(),
        quirks: Object.fromEntries(oci.quirks()),
        clients: activity.list(),
      }
      return await isReady(oci, limiter)
        ? c.json({ ...READY, ...details })
        : c.json({ ...NOT_READY, ...details }, 503)
    })
}

const READY = { status: 'ready' }
const NOT_READY = { status: 'not ready' }

function isVerbose(c: Context<GatewayEnvironment>): boolean {
  return c.req.query('verbose') !== undefined
}

async function isReady(oci: OciClient, limiter: ConcurrencyLimiter): Promise<boolean> {
  return !limiter.isDraining && limiter.active < limiter.max && await oci.isReady()
}

/** `max` is null without a limit, because JSON has no infinity. */
function usageOf({ active, max }: { active: number; max: number }) {
  return { active, max: max === Infinity ? null : max }
}
