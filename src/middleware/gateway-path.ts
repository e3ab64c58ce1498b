import { getPath } from 'hono/utils/url'
import type { GatewayEnvironment } from './environment.ts'

/** The path of a request for the routes of the gateway, without a slash at its end. */
export function gatewayPath(
  request: Request,
  { env }: { env?: GatewayEnvironment['Bindings'] | undefined } = {},
): string {
  const path = env?.path ?? getPath(request)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
