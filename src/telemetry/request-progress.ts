import type { AttemptRecord } from './request-record.ts'
import { randomHexOf, type TraceContext, traceHeaders } from './trace/trace-context.ts'

/** Receives each call to OCI that a request makes. */
export interface AttemptObserver {
  /** A call begins. Returns its span; `undefined` if the request has no trace. */
  startCall?(): CallSpan | undefined
  attempt(record: AttemptRecord): void
}

/** The span of one call, and the headers that continue the trace in it. */
export interface CallSpan {
  id: string
  headers: Readonly<Record<string, string>>
}

/** Token counts of an answer. */
export interface ObservedTokens {
  prompt: number
  completion?: number | undefined
  cached?: number | undefined
  reasoning?: number | undefined
}

/** Calls of one request that are recorded; parallel choices with retries may make more. */
const MAX_ATTEMPTS = 40

/** What becomes known of a request while it runs. */
export class RequestProgress implements AttemptObserver {
  readonly #now: () => number
  readonly #attempts: AttemptRecord[] = []
  readonly startedAt: number
  /** Milliseconds since the epoch. */
  firstTokenAt: number | undefined
  /** The token counts that OCI reported last. */
  tokens: ObservedTokens | undefined
  readonly trace: TraceContext | undefined

  constructor(now: () => number, trace?: TraceContext) {
    this.#now = now
    this.trace = trace
    this.startedAt = now()
  }

  get attempts(): readonly AttemptRecord[] {
    return this.#attempts
  }

  startCall(): CallSpan | undefined {
    if (this.trace === undefined) return undefined
    const id = randomHexOf(8)
    return { id, headers: traceHeaders(this.trace, id) }
  }

  attempt(record: AttemptRecord): void {
    if (this.#attempts.length < MAX_ATTEMPTS) this.#attempts.push(record)
  }

  /** The stream has content from now on. Later calls have no effect. */
  markFirstToken(): void {
    this.firstTokenAt ??= this.#now()
  }
}
