import process from 'node:process'
import { isLoopback } from '../access/loopback.ts'
import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'
import { addressOf, announce, EX_CONFIG } from './machine.ts'

/** What `deno serve` wants of a module. */
export interface DenoServer {
  fetch(
    request: Request,
    info: { remoteAddr: { hostname?: string } },
  ): Response | Promise<Response>
  onListen(address: { hostname: string; port: number }): void
}

/**
 * Makes the gateway fit for `deno serve`, whose own `--host` and `--port` win, and whose default is
 * every address: without a key such a gateway ends before it answers anybody.
 */
export function serveDeno(gateway: Gateway): DenoServer {
  const { app, config } = gateway
  // Deno listens on; whoever comes is told that the gateway ends.
  endOnSignal(gateway, () => new Promise(() => {}))
  return {
    fetch: (request, { remoteAddr }) =>
      app.fetch(request, { peerAddress: () => remoteAddr.hostname }),
    onListen({ hostname, port }) {
      if (!isLoopback(hostname) && config.access.apiKeys.length === 0) {
        process.stderr.write(
          `Cannot listen on ${hostname}: anybody who reaches it could use your tenancy.\n` +
            'Set GATEWAY_API_KEYS, or start with: deno serve -A --host 127.0.0.1 --port 8050 ' +
            'src/server.ts\n',
        )
        process.exit(EX_CONFIG)
      }
      announce(gateway, addressOf(hostname, port))
    },
  }
}
