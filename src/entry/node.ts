import { type Http2Bindings, type HttpBindings, serve } from '@hono/node-server'
import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'

/** Serves the gateway on Node and resolves with its port. */
export function serveNode(gateway: Gateway): Promise<number> {
  const { app, config } = gateway
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch: (request, { incoming }: HttpBindings | Http2Bindings) =>
        app.fetch(request, { peerAddress: () => incoming.socket.remoteAddress }),
      hostname: config.host,
      port: config.port,
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
    }, ({ port }) => resolve(port))
    server.once('error', reject)
    endOnSignal(gateway, () => new Promise((resolve) => server.close(resolve)))
  })
}
