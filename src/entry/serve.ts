import { serveBun } from './bun.ts'
import { listenDeno } from './deno.ts'
import type { Gateway } from './gateway.ts'
import type { ListenOptions } from './listen-options.ts'
import { serveNode } from './node.ts'

/**
 * Serves the gateway on the current runtime, at the host and port of its configuration. Resolves
 * with the port. SIGTERM and SIGINT drain it and end the process.
 */
export async function serveGateway(gateway: Gateway, options: ListenOptions = {}): Promise<number> {
  if ('Deno' in globalThis) return await listenDeno(gateway, options)
  return 'Bun' in globalThis ? serveBun(gateway, options) : await serveNode(gateway, options)
}
