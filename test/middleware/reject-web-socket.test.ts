import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rejectWebSocket } from '../../src/middleware/reject-web-socket.ts'
import { serve } from './serve.ts'

const cases: [method: string, upgrade: string | undefined, status: number][] = [
  ['GET', 'websocket', 426],
  ['GET', 'WebSocket', 426],
  ['GET', 'h2c, websocket', 426],
  ['GET', undefined, 200],
  ['GET', '', 200],
  ['GET', 'h2c', 200],
  ['GET', 'websockets', 200],
  // Only a GET can open a WebSocket; a server may ignore an upgrade.
  ['POST', 'websocket', 200],
]

describe('rejectWebSocket()', () => {
  for (const [method, upgrade, status] of cases) {
    it(`R-D2 answers ${status} to ${method} with upgrade "${upgrade}"`, async () => {
      const headers: Record<string, string> = upgrade === undefined ? {} : { upgrade }
      const handler = () => Promise.resolve(new Response('ok'))
      const { response, lines } = await serve(handler, { method, headers }, undefined, [
        rejectWebSocket,
      ])
      assert.equal(response.status, status)
      assert.equal(response.headers.get('upgrade'), status === 426 ? 'HTTP/1.1' : null)
      assert.equal(lines.at(-1)?.['error'], status === 426 ? 'upgrade_required' : undefined)
    })
  }
})
