import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'

/** Headers that name a session of a client. */
const SESSION_HEADERS = ['x-claude-code-session-id', 'x-openwebui-chat-id', 'x-session-id']

/**
 * Records for the ledger which person and session a request is for, if the client's key may name them:
 * any client can write these fields.
 */
export function recordAttribution(
  c: Context<GatewayEnvironment>,
  body: Readonly<Record<string, unknown>>,
): void {
  const meter = c.get('meter')
  if (!meter?.request.identity?.key.attribution) return
  const { metadata } = body
  const userId = typeof metadata === 'object' && metadata !== null && 'user_id' in metadata
    ? metadata.user_id
    : undefined
  const persons = [
    c.req.header('x-openwebui-user-email'),
    ...[body['safety_identifier'], body['user'], userId],
  ]
  meter.person = persons.find(isText)
  meter.session = SESSION_HEADERS.map((name) => c.req.header(name)).find(isText)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
