import type { ReceivedRequest } from '../../src/simulator/exchange.ts'

/** A gateway somewhere, and what can be seen of the OCI behind it. */
export interface ContractTarget {
  runtime: 'node' | 'bun' | 'deno' | 'workers'
  /** Without `/v1`. */
  url: string
  key: string
  /** Milliseconds after which its streams show that they live. */
  heartbeat: number
  /** Every request that reached OCI, oldest first. */
  seen: readonly ReceivedRequest[]
  /** What the gateway wrote so far. */
  output(): string
}

/** Asked for when the test begins: by then the gateway runs. */
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

/** The text that a stream's first choice says. */
export function textOf(chunks: readonly Chunk[]): string {
  return chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join('')
}
