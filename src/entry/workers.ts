import { createUnreadyApp } from '../app.ts'
import { type ApiError, toApiError } from '../errors.ts'
import type { Environment } from '../platform.ts'
import { openGateway } from './gateway.ts'
import { WHOLE_BODY_DECOMPRESSORS } from './whole-body-decompressors.ts'

interface Handler {
  fetch(request: Request): Response | Promise<Response>
}

/** The gateway of this isolate. Not a promise: a request must not wait for one of another request. */
let opened: Handler | undefined

/** The gateway on Workers. Bindings contain its configuration and secrets. */
export default {
  async fetch(request: Request, bindings: Record<string, unknown>): Promise<Response> {
    return await (opened ?? await open(bindings)).fetch(request)
  },
}

async function open(bindings: Record<string, unknown>): Promise<Handler> {
  try {
    const env = toEnvironment(bindings)
    const { app } = await openGateway({
      ...{ env, files: undefined, write: writeLine },
      ...{ exposed: true, sharePromises: false, coalesceChunks: true },
      decompressors: WHOLE_BODY_DECOMPRESSORS,
    })
    return opened = { fetch: (request) => app.fetch(request) }
  } catch (error) {
    return createUnreadyHandler(toApiError(error))
  }
}

/** Keeps the handler only for a configuration error: other errors, such as of a token, may pass. */
function createUnreadyHandler(error: ApiError): Handler {
  const { code, message } = error
  const reference = crypto.randomUUID().slice(0, 8)
  writeLine(JSON.stringify({ level: 'error', event: 'not_ready', reference, code, message }))
  const app = createUnreadyApp(error, reference)
  const unready: Handler = { fetch: (request) => app.fetch(request) }
  if (code === 'configuration_error') opened = unready
  return unready
}

function toEnvironment(bindings: Record<string, unknown>): Environment {
  const variables = Object.entries(bindings).filter(([, value]) => typeof value === 'string')
  // The filter leaves only strings.
  return Object.fromEntries(variables) as Environment
}

function writeLine(line: string): void {
  // deno-lint-ignore no-console -- the log of a Worker
  console.log(line)
}
