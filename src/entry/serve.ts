import { serveBun } from './bun.ts'
import { listenDeno } from './deno.ts'
import type { Gateway } from './gateway.ts'
import { listenError } from './listen-error.ts'
import type { ListenOptions } from './listen-options.ts'
import { serveNode } from './node.ts'
import { reloadOnChange, reloadOnMessage } from './reload-on-change.ts'

/**
 * Serves the gateway on the current runtime, at the host and port of its configuration. Resolves
 * with the port. SIGTERM and SIGINT drain it and end the process; SIGHUP and a change of its files
 * reload its configuration.
 */
export async function serveGateway(gateway: Gateway, options: ListenOptions = {}): Promise<number> {
  const port = await listen(gateway, options)
  if (options.isWorker) reloadOnMessage(gateway.reloader)
  else reloadOnChange(gateway.reloader)
  return port
}

async function listen(gateway: Gateway, options: ListenOptions): Promise<number> {
  const { host, port } = gateway.config
  try {
    if ('Deno' in globalThis) return await listenDeno(gateway, options)
    return 'Bun' in globalThis ? serveBun(gateway, options) : await serveNode(gateway, options)
  } catch (error) {
    throw listenError(error, { host, port: options.port ?? port })
  }
}
