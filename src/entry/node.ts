import { serve } from '@hono/node-server'
import type { Gateway } from './gateway.ts'
import { addressOf, announce } from './machine.ts'

/** Serves the gateway on Node. Resolves when it listens, rejects when it cannot. */
export function serveNode(gateway: Gateway): Promise<void> {
  const { app, config } = gateway
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch: app.fetch,
      hostname: config.host,
      port: config.port,
      // The adapter's own Response does not check headers: a bad one would end the process.
      overrideGlobalObjects: false,
    }, ({ port }) => {
      announce(gateway, addressOf(config.host, port))
      resolve()
    })
    server.once('error', reject)
  })
}
