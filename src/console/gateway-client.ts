/** The answer to a request of the console. */
export type Answer<T> =
  | { type: 'ready'; data: T }
  /** A key is missing or not valid. */
  | { type: 'locked' }
  /** The gateway does not have these data. */
  | { type: 'missing' }
  | { type: 'failed'; message: string }

/** The keys that were typed into the page. They are only in its memory. */
export interface Keys {
  admin: string
  client: string
}

/** Which of the keys a request carries. */
export type KeyKind = keyof Keys

/** Calls the gateway that served the page. */
export interface GatewayClient {
  /** The base URL without `/v1` and without a slash at its end. */
  readonly base: string
  get<T>(path: string, kind: KeyKind, signal?: AbortSignal): Promise<Answer<T>>
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object): Promise<Answer<T>>
  /** Posts with the client key and returns the response as it is. */
  post(path: string, body: string, headers: HeadersInit, signal: AbortSignal): Promise<Response>
}

/** The base URL of a page: behind a proxy, the gateway may have a path prefix. */
export function baseOf({ origin, pathname }: Pick<Location, 'origin' | 'pathname'>): string {
  let end = pathname.length
  while (pathname[end - 1] === '/') end--
  return origin + pathname.slice(0, end)
}

/** Creates a client that sends the keys as they are when a request starts. */
export function createGatewayClient(
  base: string,
  keys: () => Keys,
  fetch: typeof globalThis.fetch,
): GatewayClient {
  async function call<T>(path: string, kind: KeyKind, init: RequestInit): Promise<Answer<T>> {
    try {
      const headers = { ...authorization(keys()[kind]), ...init.headers }
      const response = await fetch(`${base}/${path}`, { ...init, headers, ...PRIVATE })
      return await readAnswer<T>(response)
    } catch (error) {
      if (init.signal?.aborted) return { type: 'failed', message: 'stopped' }
      return { type: 'failed', message: describe(error) }
    }
  }
  return {
    base,
    get: (path, kind, signal) => call(path, kind, signal ? { signal } : {}),
    send: (method, path, body) =>
      call(path, 'admin', {
        method,
        headers: { 'content-type': 'application/json' },
        ...(method !== 'DELETE' && { body: JSON.stringify(body) }),
      }),
    post: (path, body, headers, signal) =>
      fetch(`${base}/${path}`, {
        ...{ method: 'POST', body, signal, ...PRIVATE },
        headers: { ...authorization(keys().client), ...headers },
      }),
  }
}

/** No cookies, no cache, no address of the page in other requests. */
const PRIVATE = { cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' } as const

function authorization(key: string): Record<string, string> {
  return key === '' ? {} : { authorization: `Bearer ${key}` }
}

async function readAnswer<T>(response: Response): Promise<Answer<T>> {
  if (response.ok) return { type: 'ready', data: await response.json() as T }
  const message = await errorMessage(response)
  if (response.status === 401) return { type: 'locked' }
  if (response.status === 404) return { type: 'missing' }
  return { type: 'failed', message }
}

/** The gateway's own message, or the status. */
export async function errorMessage(response: Response): Promise<string> {
  try {
    const body = await response.json() as { error?: { message?: unknown } }
    if (typeof body.error?.message === 'string') return body.error.message
  } catch {
    // A proxy may answer with a page.
  }
  return `The gateway answered with status ${response.status}`
}

function describe(error: unknown): string {
  const detail = error instanceof Error ? ` (${error.message})` : ''
  return `The gateway does not answer${detail}. Is it still running?`
}
