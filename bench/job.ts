/** One cell of the bench: whom to ask what, how often, for how long. */
export interface Job {
  port: number
  /** The process group whose CPU is measured. */
  group: number
  path: string
  headers: Readonly<Record<string, string>>
  /** Whose words the server speaks. */
  dialect: Dialect
  /** See `upstream.ts`. */
  model: string
  /** Chunks that every stream must have; 0 asks for a whole answer. */
  chunks: number
  /** Of a request's body, about. */
  kilobytes: number
  /** Asks again as soon as it was answered, on so many connections … */
  connections: number
  /** … or at this pace, whether or not it was answered; 0 is the former. */
  perSecond: number
  /** Milliseconds before the window, and of it. */
  warmUp: number
  window: number
}

export type Dialect = 'openai' | 'oci'

/** What was seen within the window, errors at any time. */
export interface Outcome {
  seconds: number
  requests: number
  chunks: number
  /** Microseconds of the process group; `undefined` without /proc. */
  cpu: number | undefined
  /** Milliseconds until the first word of each stream that began. */
  firstWords: readonly number[]
  /** What went wrong, and how often. */
  errors: Readonly<Record<string, number>>
}
