/** The outcome of an upstream call, with regard to the upstream's health. */
export type CallOutcome =
  /** A complete answer with any content. */
  | { type: 'succeeded' }
  /** A rejection with a 4xx: the upstream is healthy. */
  | { type: 'refused' }
  /** Aborted by the client or the gateway: the upstream's health is unknown. */
  | { type: 'abandoned' }
  | CallFailure

export interface CallFailure {
  type: 'failed'
  /** The delay that the upstream requested, in milliseconds. */
  retryAfter: number | undefined
  /** Whether the content of the request may have caused the failure, such as a 500. */
  mayBeContent: boolean
}

export interface CircuitBreakerPolicy {
  /** The circuit never opens below this number of calls in a minute; 0 disables it. */
  minimumRequests: number
  /** The failure ratio that opens the circuit. */
  failureRatio: number
  /** Milliseconds for which the circuit stays open, plus up to a fifth at random. */
  openDuration: number
}

/** Whether a call may be made now. */
export type CircuitState =
  | { type: 'closed' }
  | { type: 'open'; milliseconds: number; rateLimited: boolean }
  /** The call tests whether the upstream has recovered. */
  | { type: 'half-open' }

/** The window is a minute in two halves; the older half is dropped as a whole. */
const HALF_WINDOW = 30_000
/** Milliseconds that a `Retry-After` may keep a circuit open. */
const MAX_OPEN = 60_000
/** Timers may fire some milliseconds early. */
const EARLY = 50
/** Maximum clients counted separately in one half; failures of further clients count in full. */
const MAX_CLIENTS = 100

interface Counts {
  succeeded: number
  failed: number
  /** Failures that content may have caused, by client. */
  contentFailed: Map<string, number>
}

/** Counts the calls of the last minute to one target, and decides whether it may be called. */
export class Circuit {
  readonly #policy: Readonly<CircuitBreakerPolicy>
  readonly #random: () => number
  #current = createCounts()
  #previous = createCounts()
  #windowStart: number
  /** 0 while the circuit is closed. */
  #openUntil = 0
  #halfOpenUntil = 0
  #rateLimited = false

  constructor(policy: Readonly<CircuitBreakerPolicy>, now: number, random: () => number) {
    this.#policy = policy
    this.#windowStart = now
    this.#random = random
  }

  /** Returns the state for a call at `now`. */
  stateAt(now: number): CircuitState {
    if (this.#openUntil === 0) return { type: 'closed' }
    const milliseconds = Math.max(this.#openUntil, this.#halfOpenUntil) - now
    return milliseconds > EARLY
      ? { type: 'open', milliseconds, rateLimited: this.#rateLimited }
      : { type: 'half-open' }
  }

  /** The calls of the window, without those that only the content of one client made fail. */
  counts(now: number): { succeeded: number; failed: number } {
    this.#rotateWindow(now)
    return {
      succeeded: this.#current.succeeded + this.#previous.succeeded,
      failed: this.#current.failed + this.#previous.failed,
    }
  }

  /** Blocks other calls while one tests the upstream; after a `Retry-After` none is blocked. */
  beginTest(now: number): void {
    if (!this.#rateLimited) this.#halfOpenUntil = now + this.#policy.openDuration
  }

  /** Closes the circuit because the upstream answers the test call. */
  close(): void {
    if (this.#openUntil === 0) return
    this.#openUntil = 0
    this.#halfOpenUntil = 0
    this.#current = createCounts()
    this.#previous = createCounts()
  }

  /**
   * Counts the outcome of a call. `isTest`: the call tested the upstream of a half-open circuit.
   * `client` is set if the client's content may have caused the failure, in the shared circuit.
   */
  record(outcome: CallOutcome, { isTest, client, now }: RecordOptions): void {
    this.#rotateWindow(now)
    if (isTest) this.#halfOpenUntil = 0
    switch (outcome.type) {
      case 'abandoned':
        return
      case 'refused':
        if (isTest) this.close()
        return
      case 'succeeded':
        if (isTest) this.close()
        this.#current.succeeded++
        return
      case 'failed':
        this.#countFailure(client)
        // A failure by content does not prove that the upstream is failing: the next call tests it.
        if (isTest && client !== undefined) return
        if (outcome.retryAfter === undefined && !isTest && !this.#isFailing()) return
        this.#open(outcome, now)
    }
  }

  #countFailure(client: string | undefined): void {
    const { contentFailed } = this.#current
    const isCounted = client !== undefined &&
      (contentFailed.has(client) || contentFailed.size < MAX_CLIENTS)
    if (isCounted) contentFailed.set(client, (contentFailed.get(client) ?? 0) + 1)
    else this.#current.failed++
  }

  #isFailing(): boolean {
    const failed = this.#current.failed + this.#previous.failed + this.#sumContentFailures()
    const calls = failed + this.#current.succeeded + this.#previous.succeeded
    return failed > 0 && calls >= this.#policy.minimumRequests &&
      failed >= calls * this.#policy.failureRatio
  }

  /**
   * Counts failures that content may cause only if at least two clients met them, and at most half
   * of `minimumRequests` for each: a single client never opens the circuit for others.
   */
  #sumContentFailures(): number {
    const byClient = new Map(this.#previous.contentFailed)
    for (const [client, count] of this.#current.contentFailed) {
      byClient.set(client, count + (byClient.get(client) ?? 0))
    }
    if (byClient.size < 2) return 0
    const maxPerClient = Math.max(1, Math.floor(this.#policy.minimumRequests / 2))
    return [...byClient.values()].reduce((sum, count) => sum + Math.min(count, maxPerClient), 0)
  }

  #open({ retryAfter }: CallFailure, now: number): void {
    const wait = retryAfter ?? this.#policy.openDuration * (1 + this.#random() / 5)
    this.#openUntil = Math.max(this.#openUntil, now + Math.min(wait, MAX_OPEN))
    this.#rateLimited = retryAfter !== undefined
  }

  #rotateWindow(now: number): void {
    const halves = Math.floor((now - this.#windowStart) / HALF_WINDOW)
    if (halves < 1) return
    this.#windowStart += halves * HALF_WINDOW
    this.#previous = halves === 1 ? this.#current : createCounts()
    this.#current = createCounts()
  }
}

export interface RecordOptions {
  isTest: boolean
  client: string | undefined
  /** Milliseconds. */
  now: number
}

function createCounts(): Counts {
  return { succeeded: 0, failed: 0, contentFailed: new Map() }
}
