import { createUnreadyApp } from '../app.ts'
import { type ApiError, toApiError } from '../errors.ts'
import { createDurableStore } from '../store/durable-object/client.ts'
import type { Store } from '../store/store.ts'
import type { Environment } from '../platform.ts'
import { openGateway } from './gateway.ts'
import { WHOLE_BODY_DECOMPRESSORS } from './whole-body-decompressors.ts'

export { GatewayStore } from './durable-store.ts'

interface Handler {
  fetch(request: Request, context?: WorkerContext): Response | Promise<Response>
}

/** The used parts of a request's context. */
interface WorkerContext {
  waitUntil(work: Promise<unknown>): void
}

/** The used parts of the binding of a Durable Object. */
interface ObjectNamespace {
  idFromName(name: string): unknown
  get(id: unknown): { fetch(url: string, init: RequestInit): Promise<Response> }
}

/** The name of the object that holds the store. */
const STORE_NAME = 'gateway'

/** The gateway of this isolate. Not a promise: a request must not wait for one of another request. */
let opened: Handler | undefined

/** The gateway on Workers. Bindings contain its configuration and secrets. */
export default {
  async fetch(
    request: Request,
    bindings: Record<string, unknown>,
    context?: WorkerContext,
  ): Promise<Response> {
    return await (opened ?? await open(bindings)).fetch(request, context)
  },
}

async function open(bindings: Record<string, unknown>): Promise<Handler> {
  try {
    const store = storeOf(bindings)
    const { app } = await openGateway({
      ...{ env: toEnvironment(bindings, store !== undefined), files: undefined, write: writeLine },
      ...{ exposed: true, sharePromises: false, coalesceChunks: true },
      ...{ decompressors: WHOLE_BODY_DECOMPRESSORS, store, fetch: fetchWithLength },
    })
    // Several first requests may open a gateway each: all use the first one, and its limits.
    return opened ??= {
      fetch: (request, context) =>
        app.fetch(request, context && { waitUntil: (work) => context.waitUntil(work) }),
    }
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

/** A stub of the object belongs to one request, so that each call of the store gets a new one. */
function storeOf({ STORE }: Record<string, unknown>): Store | undefined {
  if (typeof STORE !== 'object' || STORE === null || !('idFromName' in STORE)) return undefined
  // Only a Durable Object's binding has this method.
  const namespace = STORE as ObjectNamespace
  return createDurableStore((url, init) =>
    namespace.get(namespace.idFromName(STORE_NAME)).fetch(url, init)
  )
}

/** With the object's store, keys of the configuration are not required. */
function toEnvironment(bindings: Record<string, unknown>, hasStore: boolean): Environment {
  const variables = Object.entries(bindings).filter(([, value]) => typeof value === 'string')
  // The filter leaves only strings. The open store replaces the named one.
  const env = Object.fromEntries(variables) as Environment
  return hasStore ? { ...env, GATEWAY_STORE: 'memory:' } : env
}

/** The class of workerd for streams of a known length. Others are sent in chunks. */
declare const FixedLengthStream: new (length: number) => TransformStream<Uint8Array, Uint8Array>

/** The runtime's `fetch`. Sends a stream with the length in its headers. */
function fetchWithLength(url: string, init: RequestInit): Promise<Response> {
  if (!(init.body instanceof ReadableStream)) return fetch(url, init)
  const length = new Headers(init.headers).get('content-length')
  if (length === null) return fetch(url, init)
  return fetch(url, {
    ...init,
    body: init.body.pipeThrough(new FixedLengthStream(Number(length))),
  })
}

function writeLine(line: string): void {
  // deno-lint-ignore no-console -- the log of a Worker
  console.log(line)
}
