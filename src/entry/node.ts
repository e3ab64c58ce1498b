import type { Http2Bindings, HttpBindings } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'
import { lingerOnError } from './linger.ts'
import type { ListenOptions } from './listen-options.ts'

/** Serves the gateway on Node and resolves with its port. */
export async function serveNode(
  gateway: Gateway,
  { port = gateway.config.port, isWorker = false }: ListenOptions,
): Promise<number> {
  const { app, config } = gateway
  // Bun and Deno do not need the package.
  const { createAdaptorServer } = await import('@hono/node-server')
  const server = createAdaptorServer({
    async fetch(request, { incoming }: HttpBindings | Http2Bindings) {
      const peerAddress = () => incoming.socket.remoteAddress
      return await lingerOnError(await app.fetch(request, { peerAddress }), incoming)
    },
    hostname: config.host,
    serverOptions: {
      // The gateway has its own timeouts for bodies and responses.
      requestTimeout: 0,
      headersTimeout: 30_000,
      connectionsCheckingInterval: 5_000,
      // Longer than a proxy's keep-alive, so that the proxy closes first.
      keepAliveTimeout: 75_000,
    },
    // The adapter's own Response does not validate headers: an invalid one would end the process.
    overrideGlobalObjects: false,
  })
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: config.host, port, reusePort: isWorker }, () => {
      endOnSignal(gateway, () => new Promise((closed) => server.close(closed)), isWorker)
      // The address of a server on a TCP port is an `AddressInfo`.
      resolve((server.address() as AddressInfo).port)
    })
  })
}
