import { type DenoServer, serveDeno } from './deno.ts'
import { addressOf, announce, openProcessGateway } from './process.ts'
import { raiseBunFetchLimit } from './raise-bun-fetch-limit.ts'
import { serveGateway } from './serve.ts'

/**
 * Starts the gateway on the current runtime: `bun run`, `node`, or `deno serve`, for which it returns
 * the handler. Bun would start a second server for one.
 */
export async function start(): Promise<DenoServer | undefined> {
  if ('Bun' in globalThis) raiseBunFetchLimit()
  const gateway = await openProcessGateway()
  if ('Deno' in globalThis) return serveDeno(gateway)
  const port = await serveGateway(gateway)
  announce(gateway, addressOf(gateway.config.host, port))
  return undefined
}
