import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'

/** Responds with JSON and status 200, in the runtime's fastest way. */
export function answerJson(
  c: Context<GatewayEnvironment>,
  value: object,
  headers: Readonly<Record<string, string>>,
): Response {
  const whole = c.env?.responses?.whole
  return whole
    ? whole(JSON.stringify(value), { 'content-type': 'application/json', ...headers })
    : c.json(value, 200, headers)
}
