/** How an upstream call ended, as far as it tells about the upstream's health. */
export type CallOutcome =
  /** A complete answer, whatever it says. */
  | { type: 'succeeded' }
  /** A refusal with a 4xx: the upstream is alive. */
  | { type: 'refused' }
  /** Given up by the client or by the gateway: nothing is known. */
  | { type: 'abandoned' }
  | CallFailure

export interface CallFailure {
  type: 'failed'
  /** Milliseconds that the upstream asked to wait. */
  retryAfter: number | undefined
  /** Whether the content of the request may have caused it, as it may cause a 500. */
  mayBeContent: boolean
}

export interface CircuitBreakerPolicy {
  /** Calls in a minute below which the circuit never opens; 0 switches it off. */
  minimumRequests: number
  /** The failure ratio that opens the circuit. */
  failureRatio: number
  /** Milliseconds it stays open; up to a fifth more at random. */
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
/** Clients told apart in one half of the window; the failures of further ones count in full. */
const MAX_CLIENTS = 100

interface Counts {
  succeeded: number
  failed: number
  /** Failures that content may have caused, by client. */
  contentFailed: Map<string, number>
}

/** The calls of the last minute to one target, and whether it may be called. */
export class Circuit {
  readonly #policy: CircuitBreakerPolicy
  readonly #random: () => number
  #current = createCounts()
  #previous = createCounts()
  #windowBegan: number
  /** 0 while the circuit is closed. */
  #openUntil = 0
  #halfOpenUntil = 0
  #rateLimited = false

  constructor(policy: CircuitBreakerPolicy, now: number, random: () => number) {
    this.#policy = policy
    this.#windowBegan = now
    this.#random = random
  }

  /** What a call at `now` would meet. */
  stateAt(now: number): CircuitState {
    if (this.#openUntil === 0) return { type: 'closed' }
    const milliseconds = Math.max(this.#openUntil, this.#halfOpenUntil) - now
    return milliseconds > EARLY
      ? { type: 'open', milliseconds, rateLimited: this.#rateLimited }
      : { type: 'half-open' }
  }

  /** Keeps other calls away while one tests the upstream; after a `Retry-After` all may come. */
  beginTest(now: number): void {
    if (!this.#rateLimited) this.#halfOpenUntil = now + this.#policy.openDuration
  }

  /** Closes the circuit: the call that tests the upstream is being answered. */
  close(): void {
    if (this.#openUntil === 0) return
    this.#openUntil = 0
    this.#halfOpenUntil = 0
    this.#current = createCounts()
    this.#previous = createCounts()
  }

  /**
   * Counts the outcome of a call. `isTest`: the call was let through to test the upstream. A `client`
   * is named where its content may have caused the failure and others must not suffer for it alone.
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
        // One client's content says nothing about recovery: the next call tests the upstream.
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
   * Two clients at least have to meet failures that content may cause, and none of them counts for
   * more than half of the calls that open the circuit: one client alone never opens it for others.
   */
  #sumContentFailures(): number {
    const byClient = new Map(this.#previous.contentFailed)
    for (const [client, count] of this.#current.contentFailed) {
      byClient.set(client, count + (byClient.get(client) ?? 0))
    }
    if (byClient.size < 2) return 0
    const most = Math.max(1, Math.floor(this.#policy.minimumRequests / 2))
    return [...byClient.values()].reduce((sum, count) => sum + Math.min(count, most), 0)
  }

  #open({ retryAfter }: CallFailure, now: number): void {
    const wait = retryAfter ?? this.#policy.openDuration * (1 + this.#random() / 5)
    this.#openUntil = Math.max(this.#openUntil, now + Math.min(wait, MAX_OPEN))
    this.#rateLimited = retryAfter !== undefined
  }

  #rotateWindow(now: number): void {
    const halves = Math.floor((now - this.#windowBegan) / HALF_WINDOW)
    if (halves < 1) return
    this.#windowBegan += halves * HALF_WINDOW
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
