import { serve } from '@hono/node-server'
import type { Gateway } from './gateway.ts'

/** Serves the gateway on Node and resolves with the port it listens on. */
export function serveNode({ app, config }: Gateway): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch: app.fetch,
      hostname: config.host,
      port: config.port,
      // The adapter's own Response does not check headers: a bad one would end the process.
      overrideGlobalObjects: false,
    }, ({ port }) => resolve(port))
    server.once('error', reject)
  })
}
