import type { AttemptRecord } from './request-record.ts'

/** Receives each call to OCI that a request makes. */
export interface AttemptObserver {
  attempt(record: AttemptRecord): void
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

  constructor(now: () => number) {
    this.#now = now
    this.startedAt = now()
  }

  get attempts(): readonly AttemptRecord[] {
    return this.#attempts
  }

  attempt(record: AttemptRecord): void {
    if (this.#attempts.length < MAX_ATTEMPTS) this.#attempts.push(record)
  }

  /** The stream has content from now on. Later calls have no effect. */
  markFirstToken(): void {
    this.firstTokenAt ??= this.#now()
  }
}
