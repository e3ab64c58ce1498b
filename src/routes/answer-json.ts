import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'

/** Responds with JSON and status 200, in the runtime's fastest way. */
export function answerJson(
  c: Context<GatewayEnvironment>,
  value: object,
  headers: Readonly<Record<string, string>>,
): Response {
  const whole = c.env?.responses?.whole ?? wholeResponse
  return whole(JSON.stringify(value), { 'content-type': 'application/json', ...headers })
}

function wholeResponse(text: string, headers: Readonly<Record<string, string>>): Response {
  return new Response(text, { headers })
}
