import type { ReceivedRequest } from '../../src/simulator/exchange.ts'

/** A gateway on any runtime, and the simulated OCI behind it. */
export interface ContractTarget {
  runtime: 'node' | 'bun' | 'deno' | 'workers'
  /** Without `/v1`. */
  url: string
  key: string
  /** Milliseconds between heartbeats of its streams. */
  heartbeat: number
  /** Every request that reached OCI, oldest first. */
  seen: readonly ReceivedRequest[]
  /** The gateway's log so far. */
  output(): string
}

/** Read when the test starts: the gateway runs by then. */
export type GetTarget = () => ContractTarget

/** Posts JSON as a client with a key does. */
export function post(
  { url, key }: ContractTarget,
  path: string,
  body: unknown,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: {
      'content-type': 'application/json',
      'authorization': `Bearer ${key}`,
      ...init.headers,
    },
  })
}

/**
 * Streams an answer whose connection to OCI fails after some text has arrived: a connection that
 * fails at once may lose what was sent before. Returns the whole stream.
 * @param hasText whether the stream so far contains text of the model
 */
export async function postInterrupted(
  target: ContractTarget,
  path: string,
  body: object,
  hasText: (stream: string) => boolean,
): Promise<string> {
  const response = await post(target, path, { ...body, stream: true })
  const decoder = new TextDecoder()
  let stream = ''
  let isInterrupted = false
  for await (const bytes of response.body ?? []) {
    stream += decoder.decode(bytes, { stream: true })
    if (isInterrupted || !hasText(stream)) continue
    isInterrupted = true
    target.seen.at(-1)?.interrupt()
  }
  return stream
}

/** The complete chunks of a stream so far, in order, without `[DONE]`. */
export function chunksOf(stream: string): Chunk[] {
  return stream.split('\n\n').slice(0, -1)
    .filter((event) => event.startsWith('data: ') && event !== 'data: [DONE]')
    .map((event) => JSON.parse(event.slice('data: '.length)))
}

export interface Chunk {
  id: string
  model: string
  choices: {
    index: number
    delta: { role?: string; content?: string; tool_calls?: unknown[] }
    finish_reason: string | null
  }[]
  usage?: { total_tokens: number } | null
  error?: { code: string; message: string; type: string }
}

/** The text of a stream's first choice. */
export function textOf(chunks: readonly Chunk[]): string {
  return chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join('')
}
