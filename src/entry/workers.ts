import { createUnreadyApp } from '../app.ts'
import { type ApiError, toApiError } from '../errors.ts'
import type { Environment } from '../platform.ts'
import { openGateway } from './gateway.ts'

interface Handler {
  fetch(request: Request): Response | Promise<Response>
}

/** One gateway an isolate; a value and no promise, which another request must not wait for. */
let opened: Handler | undefined

/** The gateway on Workers: its configuration and secrets are the bindings. */
export default {
  async fetch(request: Request, bindings: Record<string, unknown>): Promise<Response> {
    return await (opened ?? await open(bindings)).fetch(request)
  },
}

async function open(bindings: Record<string, unknown>): Promise<Handler> {
  try {
    const env = textsOf(bindings)
    const { app } = await openGateway({
      ...{ env, files: undefined, write: writeLine },
      ...{ exposed: true, sharePromises: false, coalesceChunks: true },
    })
    return opened = { fetch: (request) => app.fetch(request) }
  } catch (error) {
    return refuse(toApiError(error))
  }
}

/** A configuration error stays; a token that could not be had may be had next time. */
function refuse(error: ApiError): Handler {
  const { code, message } = error
  const reference = crypto.randomUUID().slice(0, 8)
  writeLine(JSON.stringify({ level: 'error', event: 'not_ready', reference, code, message }))
  const app = createUnreadyApp(error, reference)
  const unready: Handler = { fetch: (request) => app.fetch(request) }
  if (code === 'configuration_error') opened = unready
  return unready
}

function textsOf(bindings: Record<string, unknown>): Environment {
  const texts = Object.entries(bindings).filter(([, value]) => typeof value === 'string')
  // Only texts are left.
  return Object.fromEntries(texts) as Environment
}

function writeLine(line: string): void {
  // deno-lint-ignore no-console -- the log of a Worker
  console.log(line)
}
