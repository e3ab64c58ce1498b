import type { ClientApi, ClientDefinition } from '../../clients/client.ts'
import { isJsonObject } from '../../json-object.ts'
import { PROGRAM } from '../help.ts'
import type { Host } from '../host.ts'
import { type Progress, withProgress } from '../progress.ts'

/** What happened to the first request of a client. */
export type WaitResult = 'works' | 'timeout' | 'unauthorized' | 'interrupted'

/** Milliseconds to wait for a person to start the client. */
const TIME_LIMIT = 5 * 60_000
const POLL_INTERVAL = 1_000
const REQUEST_TIMEOUT = 5_000

const ENDPOINTS: Readonly<Record<ClientApi, string>> = {
  chat: 'chat/completions',
  responses: 'responses',
  messages: 'messages',
}

type WaitHost = Pick<Host, 'fetch' | 'now' | 'sleep' | 'signal' | 'stderr' | 'env' | 'schedule'>

/**
 * Waits until the gateway has answered a request of a client. It recognizes the client by the
 * endpoint and, where it is known, by the product in its `user-agent`.
 */
export async function waitForClient(
  host: WaitHost,
  target: { url: string; key: string },
  client: Pick<ClientDefinition, 'title' | 'api' | 'agent' | 'tryIt'>,
): Promise<WaitResult> {
  const hint = client.tryIt ? `. Run: ${client.tryIt}` : ''
  const message = `Waiting for the first request of ${client.title}${hint} (Ctrl+C ends waiting)`
  // Known before the user is asked to run the client, so that its first request is a new one.
  let answer = await readActivity(host, target)
  return await withProgress(host, message, async (progress) => {
    const end = host.now() + TIME_LIMIT
    const watch = createWatch(client, progress)
    while (host.now() < end && !host.signal.aborted) {
      if (answer.state === 'unauthorized') return 'unauthorized'
      progress.update(answer.state === 'unreachable' ? noGateway(target.url) : message)
      if (answer.state === 'active' && watch(answer.counts)) return 'works'
      await pause(host)
      answer = await readActivity(host, target)
    }
    return host.signal.aborted ? 'interrupted' : 'timeout'
  })
}

function noGateway(url: string): string {
  return `Waiting for a gateway at ${url}. Start it: ${PROGRAM} serve`
}

/** Requests of clients to one endpoint. */
interface Counts {
  requests: number
  succeeded: number
  status: number
  error: string | undefined
}

type ActivityAnswer =
  | { state: 'active'; counts: ReadonlyMap<string, Counts> }
  | { state: 'unauthorized' }
  | { state: 'unreachable' }

/**
 * Creates the function that compares the requests with those before, and returns whether a new one
 * of the client succeeded. It prints the error of a new one that failed, once for each error.
 */
function createWatch(
  { title, api, agent }: Pick<ClientDefinition, 'title' | 'api' | 'agent'>,
  progress: Progress,
): (counts: ReadonlyMap<string, Counts>) => boolean {
  let before: ReadonlyMap<string, Counts> | undefined
  const printed = new Set<string>()
  return (counts) => {
    const earlier = before ?? counts
    before = counts
    const own = [...counts].filter(([key]) => {
      const [product = '', endpoint = ''] = key.split(' ')
      return isActivityOf({ api, agent }, { agent: product, endpoint })
    })
    for (const [key, { requests, status, error }] of own) {
      const text = `${title} reached the gateway, which answered ${status} ${error ?? ''}`.trimEnd()
      const isFailed = requests > (earlier.get(key)?.requests ?? 0) && error !== undefined
      if (isFailed && !printed.has(text)) progress.print(`${text}\n`)
      if (isFailed) printed.add(text)
    }
    return own.some(([key, { succeeded }]) => succeeded > (earlier.get(key)?.succeeded ?? 0))
  }
}

/** Whether the gateway recorded an activity for requests of a client. */
export function isActivityOf(
  client: Pick<ClientDefinition, 'api'> & { agent?: RegExp | undefined },
  { agent, endpoint }: { agent: string; endpoint: string },
): boolean {
  return endpoint === ENDPOINTS[client.api] && (client.agent?.test(agent) ?? true)
}

async function readActivity(
  { fetch, signal }: WaitHost,
  { url, key }: { url: string; key: string },
): Promise<ActivityAnswer> {
  try {
    const response = await fetch(`${url}/readyz?verbose`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT)]),
    })
    if (response.status === 401) return { state: 'unauthorized' }
    const body: unknown = await response.json()
    const clients: unknown = isJsonObject(body) ? body['clients'] : undefined
    if (!Array.isArray(clients)) return { state: 'unreachable' }
    return { state: 'active', counts: new Map(clients.filter(isJsonObject).map(readCounts)) }
  } catch {
    return { state: 'unreachable' }
  }
}

function readCounts(
  { agent, endpoint, requests, succeeded, status, error }: Readonly<Record<string, unknown>>,
): [string, Counts] {
  return [`${agent} ${endpoint}`, {
    requests: Number(requests),
    succeeded: Number(succeeded),
    status: Number(status),
    error: typeof error === 'string' ? error : undefined,
  }]
}

/** Waits before the next request; Ctrl+C ends it at once. */
async function pause({ sleep, signal }: WaitHost): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), { once: true })
  if (!signal.aborted) await Promise.race([sleep(POLL_INTERVAL), promise])
}
