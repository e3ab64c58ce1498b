import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'

/** What is used of Bun's own API; its types would clash with Node's. */
interface BunRuntime {
  serve(options: {
    hostname: string
    port: number
    idleTimeout: number
    fetch(request: Request, server: BunServer): Response | Promise<Response>
  }): BunServer
}

interface BunServer {
  port: number
  requestIP(request: Request): { address: string } | null
  /** Resolves when the last connection is closed. */
  stop(): Promise<void>
}

/**
 * Serves the gateway on Bun and returns the port it listens on. By itself Bun would cut a stream
 * after ten silent seconds.
 */
export function serveBun(gateway: Gateway): number {
  const { app, config } = gateway
  // Only called where the global is there.
  const { Bun } = globalThis as unknown as { Bun: BunRuntime }
  const server = Bun.serve({
    hostname: config.host,
    port: config.port,
    idleTimeout: 0,
    fetch: (request, server) =>
      app.fetch(request, { peerAddress: () => server.requestIP(request)?.address }),
  })
  endOnSignal(gateway, () => server.stop())
  return server.port
}
