/** One measurement: the server, the request, the rate and the duration. */
export interface Job {
  port: number
  /** The process group whose CPU is measured. */
  group: number
  path: string
  headers: Readonly<Record<string, string>>
  /** The format of the answers. */
  dialect: Dialect
  /** The model id, which controls the answer (see `upstream.ts`). */
  model: string
  /** Chunks that every stream must have; 0 requests an answer without streaming. */
  chunks: number
  /** Approximate size of the request body. */
  kilobytes: number
  /** Connections that each send the next request directly after an answer; 0 if `perSecond` is set. */
  connections: number
  /** Requests per second, independent of answers; 0 if `connections` is set. */
  perSecond: number
  /** Milliseconds before the window and of the window. */
  warmUp: number
  window: number
}

/** Portkey writes OpenAI's format with the role in each chunk. */
export type Dialect = 'openai' | 'oci' | 'portkey'

/** Measurements within the window; errors at any time. */
export interface Outcome {
  seconds: number
  requests: number
  chunks: number
  /** Microseconds of the process group; `undefined` without /proc. */
  cpu: number | undefined
  /** Resident memory of the process group at the end, in MB; `undefined` without /proc. */
  rss: number | undefined
  /** Milliseconds until the first word of each stream. */
  firstWords: readonly number[]
  /** Number of failures by error. */
  errors: Readonly<Record<string, number>>
}
