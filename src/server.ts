import process from 'node:process'
import { type DenoServer, serveDeno } from './entry/deno.ts'
import { openMachineGateway } from './entry/machine.ts'
import { toApiError } from './errors.ts'

/** Starts the gateway on the runtime that runs this: `bun run`, `node`, or `deno serve`. */
async function start(): Promise<DenoServer | undefined> {
  const gateway = await openMachineGateway()
  if ('Deno' in globalThis) return serveDeno(gateway)
  if ('Bun' in globalThis) (await import('./entry/bun.ts')).serveBun(gateway)
  else await (await import('./entry/node.ts')).serveNode(gateway)
  return undefined
}

/** Exit status of a program that was configured wrongly, by the custom of sysexits.h. */
const EX_CONFIG = 78

function giveUp(thrown: unknown): never {
  const error = toApiError(thrown)
  const { message } = error.code === 'internal_error' && error.cause instanceof Error
    ? error.cause
    : error
  process.stderr.write(`${message}\n`)
  process.exit(error.code === 'configuration_error' ? EX_CONFIG : 1)
}

/** What `deno serve` serves; nothing on Node and Bun, which would start a second server. */
export default await start().catch(giveUp)
