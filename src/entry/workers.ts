import { createUnreadyApp } from '../app.ts'
import { toApiError } from '../errors.ts'
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

/** What is configured wrongly is told to whoever asks, since nobody sees an edge start. */
async function open(bindings: Record<string, unknown>): Promise<Handler> {
  try {
    const env = textsOf(bindings)
    const { app } = await openGateway({
      ...{ env, files: undefined, write: writeLine },
      ...{ exposed: true, sharePromises: false, piecemeal: true },
    })
    return opened = {
      fetch: (request) =>
        app.fetch(request, {
          clientAddress: () => request.headers.get('cf-connecting-ip') ?? undefined,
        }),
    }
  } catch (error) {
    const app = createUnreadyApp(toApiError(error))
    const unready: Handler = { fetch: (request) => app.fetch(request) }
    // What is configured wrongly stays so; a token that was not to be had may be had next time.
    if (toApiError(error).code === 'configuration_error') opened = unready
    return unready
  }
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
