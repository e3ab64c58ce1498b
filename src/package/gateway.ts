import { type Context, Hono } from 'hono'
import { basePath } from 'hono/route'
import process from 'node:process'
import { encodeText } from '../entry/encode-text.ts'
import { fetchWithCa } from '../entry/fetch-with-ca.ts'
import { openFileSpool } from '../entry/file-spool.ts'
import { openGateway } from '../entry/gateway.ts'
import { sha256 } from '../entry/native-hash.ts'
import { openStore } from '../entry/open-store.ts'
import { processFetch } from '../entry/process-fetch.ts'
import { processFiles } from '../entry/process-files.ts'
import { readProcess } from '../entry/process-reading.ts'
import type { RequestBindings } from '../middleware/environment.ts'
import type { Environment, Files, LogRecord } from '../platform.ts'
import { peerAddressOf } from './peer-address.ts'

export type { Environment, LogRecord } from '../platform.ts'

/** The options of `createGateway`; none is required. */
export interface GatewayOptions {
  /**
   * The environment variables, which select the credential and the configuration. `HOST` and `PORT`
   * are ignored, because the application listens. Default: the variables of the process.
   */
  env?: Environment | undefined
  /** Sends the requests to OCI, for example `fetch` of the simulator. Default: the runtime's. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /**
   * Receives the records of the log, one for each request, from the level in `LOG_LEVEL`. They never
   * contain a prompt, an answer or a secret. Default: no log.
   */
  log?: ((record: LogRecord) => void) | undefined
  /**
   * The prefix of the paths, such as `/api/ai`, in an application that passes requests on with their
   * whole path. Hono's `route()` and `mount()` need none.
   */
  basePath?: string | undefined
}

/**
 * Creates a gateway for an application on Node, Bun or Deno. It reads the configuration and loads the
 * credential, by default from `~/.oci/config`, and rejects with an error that describes what is
 * missing or invalid. It does not listen, write or handle signals.
 *
 * ```ts
 * const app = new Hono().route('/ai', await createGateway())
 * ```
 *
 * Without `GATEWAY_API_KEYS` it accepts requests for loopback host names only, unless
 * `access.allowedHosts` in the configuration lists others. The application then has to authenticate
 * its clients, or listen on a loopback address.
 */
export async function createGateway(options: GatewayOptions = {}): Promise<Hono> {
  const { env = process.env, fetch = processFetch(), log, basePath = '' } = options
  const { app } = await openGateway({
    env: { ...env, HOST: undefined, PORT: undefined },
    files: filesOf(env),
    ...{ fetch, fetchWithCa, openStore, coalesceChunks: 'Deno' in globalThis, sha256, readProcess },
    ...{ openSpool: openFileSpool, encodeText },
    ...(log && { log }),
  })
  return new Hono().all('*', (c) => app.fetch(c.req.raw, bindingsOf(c, basePath)))
}

/** The home folder is that of the given variables, so that `~/.oci/config` belongs to them. */
function filesOf({ HOME }: Environment): Files {
  return HOME ? { ...processFiles, home: HOME } : processFiles
}

function bindingsOf(c: Context, prefix: string): RequestBindings {
  const { env, req: { raw, path } } = c
  return {
    path: withoutPrefix(withoutPrefix(path, basePath(c)), prefix),
    peerAddress: () => peerAddressOf(env, raw),
  }
}

function withoutPrefix(path: string, prefix: string): string {
  const base = prefix.replace(/\/$/, '')
  const isBelow = path === base || path.startsWith(`${base}/`)
  return isBelow ? path.slice(base.length) || '/' : path
}
