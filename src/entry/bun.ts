import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'
import type { ListenOptions } from './listen-options.ts'

/** The used parts of Bun's API. Bun's types would conflict with Node's. */
interface BunRuntime {
  serve(options: {
    hostname: string
    port: number
    idleTimeout: number
    maxRequestBodySize: number
    reusePort: boolean
    fetch(request: Request, server: BunServer): Response | Promise<Response>
  }): BunServer
}

interface BunServer {
  port: number
  requestIP(request: Request): { address: string } | null
  /** Sets the idle seconds after which the request's connection is closed; 0 is never. */
  timeout(request: Request, seconds: number): void
  /** Resolves when the last connection is closed. */
  stop(): Promise<void>
}

/** Seconds that an idle connection stays open, as on Node: longer than a proxy's keep-alive. */
const KEEP_ALIVE = 75

/**
 * Serves the gateway on Bun and returns its port. Connections with a running request have no idle
 * timeout, because a model may reason for minutes.
 */
export function serveBun(
  gateway: Gateway,
  { port = gateway.config.port, isWorker = false }: ListenOptions,
): number {
  // The caller checks that the global exists.
  const { Bun } = globalThis as unknown as { Bun: BunRuntime }
  const server = Bun.serve({
    hostname: gateway.config.host,
    port,
    idleTimeout: KEEP_ALIVE,
    // The gateway has its own limits, which it reports in the form of the client API.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    reusePort: isWorker,
    fetch(request, server) {
      server.timeout(request, 0)
      return gateway.app.fetch(withHost(request), {
        peerAddress: () => server.requestIP(request)?.address,
        onEnd: () => server.timeout(request, KEEP_ALIVE),
      })
    },
  })
  endOnSignal(gateway, () => server.stop(), isWorker)
  return server.port
}

/** Adds a host to an HTTP/1.0 request without one: its URL is only a path, which Hono rejects. */
function withHost(request: Request): Request {
  return request.url.startsWith('/')
    ? new Request(`http://localhost${request.url}`, request)
    : request
}
