import { raiseBunFetchLimit } from './entry/raise-bun-fetch-limit.ts'
import { type DenoServer, serveDeno } from './entry/deno.ts'
import { addressOf, announce, exitWithError, openProcessGateway } from './entry/process.ts'
import { serveGateway } from './entry/serve.ts'

/** Starts the gateway on the current runtime: `bun run`, `node`, or `deno serve`. */
async function start(): Promise<DenoServer | undefined> {
  if ('Bun' in globalThis) raiseBunFetchLimit()
  const gateway = await openProcessGateway()
  if ('Deno' in globalThis) return serveDeno(gateway)
  const port = await serveGateway(gateway)
  announce(gateway, addressOf(gateway.config.host, port))
  return undefined
}

/** The handler for `deno serve`; `undefined` on Bun, which would start a second server for it. */
export default await start().catch(exitWithError)
