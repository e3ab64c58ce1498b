import { type Handler, Hono, type MiddlewareHandler } from 'hono'
import type { GatewayEnvironment } from '../../src/middleware/environment.ts'
import { assignRequestId } from '../../src/middleware/request-id.ts'
import { identifyClient } from '../../src/middleware/identify-client.ts'
import { type Check, requestLifecycle } from '../../src/middleware/lifecycle.ts'
import { logRequests } from '../../src/middleware/log-requests.ts'
import { renderError } from '../../src/middleware/render-error.ts'
import type { LogRecord, Platform } from '../../src/platform.ts'

export const RANDOM_ID = 'x'.repeat(24)

export interface Served {
  response: Response
  lines: LogRecord[]
}

/** Sends a request to `handler` through the middleware of every request and optionally one more. */
export async function serve(
  handler: Handler<GatewayEnvironment>,
  init: RequestInit = {},
  more: MiddlewareHandler<GatewayEnvironment> = (_, next) => next(),
  checks: readonly Check[] = [],
): Promise<Served> {
  const lines: LogRecord[] = []
  let now = 1_000
  const platform: Platform = {
    fetch: () => Promise.reject(new Error('no network')),
    now: () => now += 7,
    randomId: () => RANDOM_ID,
    log: (record) => {
      lines.push(record)
    },
  }
  const app = new Hono<GatewayEnvironment>()
    .use(requestLifecycle({
      around: [assignRequestId(platform), logRequests(platform), identifyClient(() => 'address')],
      ...{ checks, renderError: renderError(platform) },
    }))
    .use(more)
    .onError(renderError(platform))
    .all('/path', handler)
  const response = await app.request(new Request('http://localhost/path?secret=1', init))
  return { response, lines }
}
