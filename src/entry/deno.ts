import process from 'node:process'
import { isLoopback } from '../loopback.ts'
import { createDisconnectWatcher, readTcpTables, watchUntilResponse } from './deno-disconnects.ts'
import { openUpload } from './deno-upload.ts'
import { endOnSignal } from './end-on-signal.ts'
import type { Gateway } from './gateway.ts'
import { EXIT } from './exit-codes.ts'
import type { ListenOptions } from './listen-options.ts'
import { addressOf, announce } from './process.ts'
import { reloadOnChange } from './reload-on-change.ts'

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
    options: Address & { onListen(address: { port: number }): void },
    handler: DenoServer['fetch'],
  ): { finished: Promise<void> }
}

interface Address {
  hostname: string
  port: number
  /** Whether several processes listen on the port. */
  reusePort?: boolean
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
  const { config } = gateway
  const { handle, setPort } = createHandler(gateway)
  endWithoutClosing(gateway, false)
  reloadOnChange(gateway.reloader)
  return {
    fetch: handle,
    onListen({ hostname, port }) {
      const hasKeys = config.access.apiKeys.length > 0 ||
        (gateway.stored !== undefined && !isLoopback(config.host))
      if (!isLoopback(hostname) && !hasKeys) {
        process.stderr.write(
          `Cannot listen on ${hostname}: anyone who reaches this address could use your tenancy.\n` +
            'Set GATEWAY_API_KEYS, or start with: deno serve -A --host 127.0.0.1 --port 8050 ' +
            'src/server.ts\n',
        )
        process.exit(EXIT.configuration)
      }
      gateway.reloader.listensOn(hostname)
      setPort(port)
      surviveAcceptErrors({ hostname, port }, handle, gateway)
      announce(gateway, addressOf(hostname, port))
    },
  }
}

/** Serves the gateway in `deno run`, where there is no `deno serve`. Resolves with the port. */
export function listenDeno(
  gateway: Gateway,
  { port = gateway.config.port, isWorker = false }: ListenOptions,
): Promise<number> {
  const address = { hostname: gateway.config.host, port, reusePort: isWorker }
  const { handle, setPort } = createHandler(gateway)
  const { Deno } = globalThis as unknown as { Deno: DenoRuntime }
  return new Promise((resolve, reject) => {
    const onListen = ({ port }: { port: number }) => {
      setPort(port)
      surviveAcceptErrors({ ...address, port }, handle, gateway)
      endWithoutClosing(gateway, isWorker)
      resolve(port)
    }
    try {
      Deno.serve({ ...address, onListen }, handle).finished.catch(reject)
    } catch (error) {
      reject(error)
    }
  })
}

interface Handler {
  handle: DenoServer['fetch']
  /** The port that the gateway listens on, by which disconnected clients are found. */
  setPort(port: number): void
}

function createHandler(gateway: Gateway): Handler {
  const { watch } = createDisconnectWatcher({
    interval: DISCONNECT_INTERVAL,
    readTables: readTcpTables,
  })
  let localPort = 0
  return {
    setPort: (port) => localPort = port,
    handle: (request, { remoteAddr: { hostname, port } }) =>
      watchUntilResponse(
        (callback) =>
          port === undefined ? () => {} : watch({ localPort, remotePort: port }, callback),
        (onDisconnect) =>
          gateway.app.fetch(request, {
            peerAddress: () => hostname,
            openUpload: () => openUpload(request),
            // With a length, the stream of the request is faster and takes no more memory.
            ...!request.headers.has('content-length') && { openBody: () => openUpload(request) },
            onDisconnect,
          }),
      ),
  }
}

/** Deno keeps listening while the gateway drains; new requests receive 503. */
function endWithoutClosing(gateway: Gateway, isWorker: boolean): void {
  endOnSignal(gateway, () => new Promise(() => {}), isWorker)
}

/**
 * Listens again after Deno's server has stopped. Deno's server, and with it the process, ends when
 * it cannot accept a connection because the process has too many open files.
 */
function surviveAcceptErrors(
  address: Address,
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
