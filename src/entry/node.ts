import { type Http2Bindings, type HttpBindings, serve } from '@hono/node-server'
import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'

/** Serves the gateway on Node and resolves with the port it listens on. */
export function serveNode(gateway: Gateway): Promise<number> {
  const { app, config } = gateway
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch: (request, { incoming }: HttpBindings | Http2Bindings) =>
        app.fetch(request, { peerAddress: () => incoming.socket.remoteAddress }),
      hostname: config.host,
      port: config.port,
      serverOptions: {
        // The limits of bodies and of answers are the gateway's; heads come in one piece.
        requestTimeout: 0,
        headersTimeout: 30_000,
        connectionsCheckingInterval: 5_000,
        // Longer than proxies keep theirs: who closes first must not be the one who is written to.
        keepAliveTimeout: 75_000,
      },
      // The adapter's own Response does not check headers: a bad one would end the process.
      overrideGlobalObjects: false,
    }, ({ port }) => resolve(port))
    server.once('error', reject)
    endOnSignal(gateway, () => new Promise((resolve) => server.close(resolve)))
  })
}
