import type { Gateway } from './gateway.ts'

/**
 * Serves the gateway on the current runtime, at the host and port of its configuration. Resolves
 * with the port. SIGTERM and SIGINT drain it and end the process.
 */
export async function serveGateway(gateway: Gateway): Promise<number> {
  if ('Deno' in globalThis) return (await import('./deno.ts')).listenDeno(gateway)
  return 'Bun' in globalThis
    ? (await import('./bun.ts')).serveBun(gateway)
    : (await import('./node.ts')).serveNode(gateway)
}
