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

/** The chunks of a whole stream, in order; `[DONE]` is the text itself. */
export function chunksOf(stream: string): Chunk[] {
  return stream.split('\n\n')
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
