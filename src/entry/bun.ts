import type { Gateway } from './gateway.ts'

/** What is used of Bun's own API; its types would clash with Node's. */
interface BunRuntime {
  serve(options: {
    hostname: string
    port: number
    idleTimeout: number
    fetch(request: Request): Response | Promise<Response>
  }): { port: number }
}

/**
 * Serves the gateway on Bun and returns the port it listens on. By itself Bun would cut a stream
 * after ten silent seconds.
 */
export function serveBun({ app, config }: Gateway): number {
  // Only called where the global is there.
  const { Bun } = globalThis as unknown as { Bun: BunRuntime }
  return Bun.serve({
    hostname: config.host,
    port: config.port,
    idleTimeout: 0,
    // Bun's second argument is its server, which hono would take for the environment.
    fetch: (request) => app.fetch(request),
  }).port
}
