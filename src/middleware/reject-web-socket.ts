import type { Context } from 'hono'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/**
 * Rejects a WebSocket handshake on any path with 426, after which clients such as Codex use HTTP.
 * Other upgrades, such as `h2c`, are optional for the client and are ignored.
 */
export function rejectWebSocket(c: Context<GatewayEnvironment>): void {
  const protocols = c.req.method === 'GET' ? c.req.header('upgrade') : undefined
  if (protocols === undefined || !/\bwebsocket\b/i.test(protocols)) return
  // A 426 must name a protocol (RFC 9110, 15.5.22).
  c.header('upgrade', 'HTTP/1.1')
  throw new ApiError(
    'upgrade_required',
    'The gateway does not support WebSocket. Send the request over HTTP; with "stream": true ' +
      'the answer is streamed as server-sent events',
  )
}
