import type { MiddlewareHandler } from 'hono'
import type { ClientActivity } from '../telemetry/client-activity.ts'
import type { GatewayEnvironment } from './environment.ts'

/** Records which kind of client used which endpoint, when a request or its stream ends. */
export function recordActivity(activity: ClientActivity): MiddlewareHandler<GatewayEnvironment> {
  return async function recordActivity(c, next) {
    // Read now: a runtime may release the request before its stream ends.
    const [userAgent, path] = [c.req.header('user-agent'), c.req.path]
    c.get('lifecycle').onEnd(() => {
      const { status, error } = c.get('log')
      activity.record({
        ...{ userAgent, path },
        status: typeof status === 'number' ? status : 0,
        error: typeof error === 'string' ? error : undefined,
      })
    })
    await next()
  }
}
