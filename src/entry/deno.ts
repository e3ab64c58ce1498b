import process from 'node:process'
import { isLoopback } from '../loopback.ts'
import { createDisconnectWatcher, readTcpTables } from './deno-disconnects.ts'
import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'
import { addressOf, announce, EX_CONFIG } from './process.ts'

/** The default export that `deno serve` requires. */
export interface DenoServer {
  fetch(request: Request, info: ServeInfo): Response | Promise<Response>
  onListen(address: { hostname: string; port: number }): void
}

interface ServeInfo {
  remoteAddr: { hostname?: string; port?: number }
}

/** The used parts of Deno's API. Deno's types would conflict with Node's. */
interface DenoRuntime {
  serve(
    options: { hostname: string; port: number; onListen(): void },
    handler: DenoServer['fetch'],
  ): { finished: Promise<void> }
}

/** Milliseconds between two polls for disconnected clients. */
const DISCONNECT_INTERVAL = 150
/** Milliseconds between two attempts to listen again. */
const LISTEN_INTERVAL = 250

/**
 * Creates the handler for `deno serve`, whose `--host` and `--port` override the configuration and
 * whose default host is all addresses. Exits there, before the first response, if no API keys are
 * configured.
 */
export function serveDeno(gateway: Gateway): DenoServer {
  const { app, config } = gateway
  const { watch } = createDisconnectWatcher({
    interval: DISCONNECT_INTERVAL,
    readTables: readTcpTables,
  })
  let localPort = 0
  const handle: DenoServer['fetch'] = (request, { remoteAddr: { hostname, port } }) =>
    app.fetch(request, {
      peerAddress: () => hostname,
      onDisconnect: (callback) =>
        port === undefined ? () => {} : watch({ localPort, remotePort: port }, callback),
    })
  // Deno keeps listening; new requests receive 503.
  endOnSignal(gateway, () => new Promise(() => {}))
  return {
    fetch: handle,
    onListen({ hostname, port }) {
      if (!isLoopback(hostname) && config.access.apiKeys.length === 0) {
        process.stderr.write(
          `Cannot listen on ${hostname}: anyone who reaches this address could use your tenancy.\n` +
            'Set GATEWAY_API_KEYS, or start with: deno serve -A --host 127.0.0.1 --port 8050 ' +
            'src/server.ts\n',
        )
        process.exit(EX_CONFIG)
      }
      localPort = port
      surviveAcceptErrors({ hostname, port }, handle, gateway)
      announce(gateway, addressOf(hostname, port))
    },
  }
}

/**
 * Listens again after Deno's server has stopped. Deno's server, and with it the process, ends when
 * it cannot accept a connection because the process has too many open files.
 */
function surviveAcceptErrors(
  address: { hostname: string; port: number },
  handle: DenoServer['fetch'],
  { platform }: Gateway,
): void {
  // The caller checks that the global exists.
  const { Deno } = globalThis as unknown as { Deno: DenoRuntime }
  const listen = async () => {
    try {
      await Deno.serve({ ...address, onListen() {} }, handle).finished
    } catch {
      setTimeout(listen, LISTEN_INTERVAL)
    }
  }
  process.on('unhandledRejection', (reason) => {
    if (!/too many open files/i.test(String(reason))) throw reason
    platform.log({ level: 'error', event: 'accept_failed', cause: 'too many open files' })
    setTimeout(listen, LISTEN_INTERVAL)
  })
}
