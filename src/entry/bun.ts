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
  /** Seconds without traffic after which the request's connection is closed; 0 is never. */
  timeout(request: Request, seconds: number): void
  /** Resolves when the last connection is closed. */
  stop(): Promise<void>
}

/** Seconds that an idle connection is kept, as on Node: longer than proxies keep theirs. */
const KEEP_ALIVE = 75

/**
 * Serves the gateway on Bun and returns the port it listens on. Idle connections are closed; while
 * a request runs its connection is never idle, since a model may think for minutes.
 */
export function serveBun(gateway: Gateway): number {
  const { app, config } = gateway
  // Only called where the global is there.
  const { Bun } = globalThis as unknown as { Bun: BunRuntime }
  const server = Bun.serve({
    hostname: config.host,
    port: config.port,
    idleTimeout: KEEP_ALIVE,
    fetch(request, server) {
      server.timeout(request, 0)
      return app.fetch(withHost(request), {
        peerAddress: () => server.requestIP(request)?.address,
        onEnd: () => server.timeout(request, KEEP_ALIVE),
      })
    },
  })
  endOnSignal(gateway, () => server.stop())
  return server.port
}

/** A request of HTTP/1.0 may name no host; its URL is then a path alone, which no router reads. */
function withHost(request: Request): Request {
  return request.url.startsWith('/')
    ? new Request(`http://localhost${request.url}`, request)
    : request
}
