import type { Http2Bindings, HttpBindings } from '@hono/node-server'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RequestBindings } from '../middleware/environment.ts'
import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'
import { lingerOnError } from './linger.ts'
import type { ListenOptions } from './listen-options.ts'
import { NodeAnswer, nodeResponses, openBody, openUpload, sendAnswer } from './node-answer.ts'

const SERVER_OPTIONS = {
  // The gateway has its own timeouts for bodies and responses.
  requestTimeout: 0,
  headersTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // Longer than a proxy's keep-alive, so that the proxy closes first.
  keepAliveTimeout: 75_000,
}

/** Serves the gateway on Node and resolves with its port. */
export async function serveNode(
  gateway: Gateway,
  { port = gateway.config.port, isWorker = false }: ListenOptions,
): Promise<number> {
  const { host } = gateway.config
  // Bun and Deno do not need the package.
  const { createAdaptorServer } = await import('@hono/node-server')
  const { RESPONSE_ALREADY_SENT } = await import('@hono/node-server/utils/response')
  const server = createAdaptorServer({
    async fetch(request, { incoming, outgoing }: HttpBindings | Http2Bindings) {
      const { app, config } = gateway
      // The middleware for CORS replaces the response by another one.
      const isReplaced = config.access.allowedOrigins.length > 0
      // The server speaks HTTP/1.
      const response = await app.fetch(request, bindingsOf(incoming as IncomingMessage, isReplaced))
      if (!(response instanceof NodeAnswer)) return await lingerOnError(response, incoming)
      sendAnswer(response, outgoing as ServerResponse)
      return RESPONSE_ALREADY_SENT
    },
    hostname: host,
    serverOptions: SERVER_OPTIONS,
    // The adapter's own Response does not validate headers: an invalid one would end the process.
    overrideGlobalObjects: false,
  })
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, reusePort: isWorker }, () => {
      // The first call to OCI would wait for it.
      void import('undici')
      endOnSignal(gateway, () => new Promise((closed) => server.close(closed)), isWorker)
      // The address of a server on a TCP port is an `AddressInfo`.
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function bindingsOf(incoming: IncomingMessage, isReplaced: boolean): RequestBindings {
  return {
    peerAddress: () => incoming.socket.remoteAddress,
    openBody: () => openBody(incoming),
    openUpload: () => openUpload(incoming),
    // Hono creates the response to HEAD from that to GET.
    responses: isReplaced || incoming.method === 'HEAD' ? undefined : nodeResponses,
  }
}
