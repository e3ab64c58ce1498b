import type { Gateway } from './gateway.ts'
import { addressOf, announce } from './machine.ts'

/** What is used of Bun's own API; its types would clash with Node's. */
interface BunRuntime {
  serve(options: {
    hostname: string
    port: number
    idleTimeout: number
    fetch(request: Request): Response | Promise<Response>
  }): { port: number }
}

/** Serves the gateway on Bun, which by itself would cut a stream after ten silent seconds. */
export function serveBun(gateway: Gateway): void {
  const { app, config } = gateway
  // Only called where the global is there.
  const { Bun } = globalThis as unknown as { Bun: BunRuntime }
  const { port } = Bun.serve({
    hostname: config.host,
    port: config.port,
    idleTimeout: 0,
    // Bun's second argument is its server, which hono would take for the environment.
    fetch: (request) => app.fetch(request),
  })
  announce(gateway, addressOf(config.host, port))
}
