import { ApiError } from '../../errors.ts'
import type { Scheduler } from '../async/scheduler.ts'
import {
  type Place,
  type QueuedCall,
  RATE_LIMITED,
  type RateLimitQueuePolicy,
  type RateLimitState,
} from './place.ts'

/** A 429 lowers the limit to this share of the running calls. */
const DECREASE = 0.9
/** Share by which the limit grows in the time of one call. */
const INCREASE = 0.1
/** Calls begin at most this many times as fast as they end, but at least once in `MAX_INTERVAL`. */
const PACE = 2
const MAX_INTERVAL = 250
/** Milliseconds by which calls may begin earlier: timers are inexact. */
const TOLERANCE = 20
/** Milliseconds of the first and the longest pause without `Retry-After`. */
const MIN_PAUSE = 250
const MAX_PAUSE = 1_000
/** The limit stays at the rejected level for this many times `Retry-After`, at least `MIN_HOLD`. */
const HOLD_FACTOR = 20
const MIN_HOLD = 5_000
/** Milliseconds without a 429 that end a limit; also the longest pause and the longest hold. */
const LIMIT_TTL = 60_000
/** How much one call changes the mean duration. */
const DURATION_WEIGHT = 0.05
const MAX_CLIENTS = 1_000

interface Waiter {
  deadline: number
  admit(): void
  reject(reason: unknown): void
}

/**
 * Decides which calls to a model in a region may begin while OCI answers 429.
 *
 * 1. Calls are only counted until the first 429. It limits the concurrent calls to nine tenths of
 *    those that run. Each later 429 does the same, and pauses new calls for `Retry-After`, or for a
 *    delay that doubles until a call succeeds. A 429 for a call that began before the last 429 belongs
 *    to the same burst, and lowers the limit only to the calls that run.
 * 2. While all places are taken, successes raise the limit: by a tenth in the time of one call, up to
 *    the level that OCI rejected. It stays there for 5 seconds or 20 times `Retry-After`, so that
 *    pauses take little of the time. Then the part above that level doubles in the time of one call,
 *    to find out whether OCI's limit has risen. If no call ends for 5 seconds, one more is tried.
 * 3. Calls beyond the limit wait, in one queue for each client. Free places go to the clients in turn.
 *    After a pause the places are not filled all at once, because OCI's limit may be a rate.
 * 4. A minute without a 429 ends the limit, unless calls wait.
 */
export class TargetQueue {
  readonly #name: Pick<QueuedCall, 'region' | 'model'>
  readonly #policy: Readonly<RateLimitQueuePolicy>
  readonly #scheduler: Scheduler
  /** The waiting calls by client, in the order of the clients' turns. */
  readonly #waiting = new Map<string, Waiter[]>()
  #running = 0
  #limit = Infinity
  /** The calls that ran at the last 429. */
  #level = Infinity
  #holdUntil = 0
  /** When one more call is tried although no place is free. */
  #tryAt = 0
  #pausedUntil = 0
  #paceUntil = 0
  #rejectedAt = -Infinity
  #rejectionsInRow = 0
  #meanDuration = 0
  #cancelTimer: (() => void) | undefined

  constructor(
    call: QueuedCall,
    policy: Readonly<RateLimitQueuePolicy>,
    scheduler: Scheduler,
  ) {
    this.#name = { region: call.region, model: call.model }
    this.#policy = policy
    this.#scheduler = scheduler
  }

  acquire(call: QueuedCall): Place | Promise<Place> {
    if (this.#limit !== Infinity) this.#endLimit()
    if (this.#waiting.size === 0 && this.#hasRoom()) return this.#begin(call.waited)
    const deadline = this.#scheduler.now() + this.#policy.maxWait - call.waited
    const own = this.#waiting.get(call.client)
    const isFull = own ? own.length >= this.#policy.maxPerClient : this.#waiting.size >= MAX_CLIENTS
    if (!call.mayWait || (isFull && !call.isRetry) || this.#pausedUntil > deadline) {
      throw this.#createError()
    }
    return this.#wait(call, deadline)
  }

  isIdle(): boolean {
    this.#endLimit()
    return this.#running === 0 && this.#limit === Infinity
  }

  state(): RateLimitState {
    const limit = this.#limit === Infinity ? null : Math.ceil(this.#limit)
    const queued = [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0)
    return { ...this.#name, limit, running: this.#running, queued }
  }

  #endLimit(): void {
    const isOver = this.#scheduler.now() - this.#rejectedAt > LIMIT_TTL
    if (!isOver || this.#waiting.size > 0) return
    this.#limit = this.#level = Infinity
    this.#rejectionsInRow = 0
  }

  #hasRoom(): boolean {
    if (this.#limit === Infinity) return true
    return this.#running < this.#limit && this.#scheduler.now() >= this.#opensAt()
  }

  #opensAt(): number {
    return Math.max(this.#pausedUntil, this.#paceUntil - TOLERANCE)
  }

  #begin(waited: number): Place {
    const beganAt = this.#scheduler.now()
    this.#running++
    const interval = Math.min(MAX_INTERVAL, this.#meanDuration / this.#limit / PACE)
    this.#paceUntil = Math.max(this.#paceUntil, beganAt) + interval
    let isReleased = false
    return {
      waited,
      release: (end) => {
        if (isReleased) return
        isReleased = true
        this.#running--
        if (end.type === 'rejected') this.#lower(beganAt, end.retryAfter)
        if (end.type === 'succeeded') this.#raise(beganAt)
        this.#admitWaiting()
      },
    }
  }

  #lower(beganAt: number, retryAfter: number | undefined): void {
    const now = this.#scheduler.now()
    const isSameBurst = beganAt <= this.#rejectedAt
    this.#level = Math.max(1, isSameBurst ? Math.min(this.#level, this.#running) : this.#running)
    const limit = isSameBurst ? this.#level : this.#level * DECREASE
    this.#limit = Math.max(1, Math.min(this.#limit, limit))
    if (isSameBurst && retryAfter === undefined) return
    if (!isSameBurst) this.#rejectionsInRow++
    this.#rejectedAt = now
    const delay = Math.min(MAX_PAUSE, MIN_PAUSE * 2 ** (this.#rejectionsInRow - 1))
    const pause = Math.min(LIMIT_TTL, retryAfter ?? delay)
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pause)
    const hold = Math.max(MIN_HOLD, HOLD_FACTOR * (retryAfter ?? 0))
    this.#holdUntil = this.#tryAt = now + Math.min(LIMIT_TTL, hold)
    for (const waiter of [...this.#waiting.values()].flat()) {
      if (waiter.deadline < this.#pausedUntil) waiter.reject(this.#createError())
    }
  }

  #raise(beganAt: number): void {
    const now = this.#scheduler.now()
    const weight = this.#meanDuration === 0 ? 1 : DURATION_WEIGHT
    this.#meanDuration += (now - beganAt - this.#meanDuration) * weight
    if (this.#limit === Infinity) return
    if (beganAt > this.#rejectedAt) this.#rejectionsInRow = 0
    this.#tryAt = Math.max(this.#tryAt, now + MIN_HOLD)
    if (this.#waiting.size === 0 && this.#running + 1 < this.#limit) return
    const step = Math.max(1, this.#limit * INCREASE, this.#limit - this.#level)
    const raised = this.#limit + step / this.#limit
    const isHeld = now < this.#holdUntil
    this.#limit = isHeld ? Math.max(this.#limit, Math.min(raised, this.#level)) : raised
  }

  /** Waits for a place until the deadline, or until the client disconnects. */
  #wait({ client, signal, waited, isRetry }: QueuedCall, deadline: number): Promise<Place> {
    const since = this.#scheduler.now()
    const { promise, resolve, reject } = Promise.withResolvers<Place>()
    const leave = () => {
      cancelTimer()
      signal.removeEventListener('abort', abort)
      const others = this.#waiting.get(client)?.filter((other) => other !== waiter) ?? []
      if (others.length > 0) this.#waiting.set(client, others)
      else this.#waiting.delete(client)
    }
    const waiter: Waiter = {
      deadline,
      admit: () => {
        leave()
        resolve(this.#begin(waited + this.#scheduler.now() - since))
      },
      reject: (reason) => {
        leave()
        reject(reason)
      },
    }
    const abort = () => waiter.reject(signal.reason)
    const cancelTimer = this.#scheduler.after(
      deadline - since,
      () => waiter.reject(this.#createError()),
    )
    signal.addEventListener('abort', abort, { once: true })
    const own = this.#waiting.get(client) ?? []
    this.#waiting.set(client, isRetry ? [waiter, ...own] : [...own, waiter])
    this.#admitWaiting()
    return promise
  }

  /** Gives free places to the clients in turn, and sets the timer for the end of a pause. */
  #admitWaiting(): void {
    this.#tryOneMore()
    for (const [client, [waiter, ...others]] of this.#waiting) {
      if (!this.#hasRoom()) break
      // The client's next turn comes after those of all others.
      this.#waiting.delete(client)
      if (others.length > 0) this.#waiting.set(client, others)
      waiter?.admit()
    }
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    if (this.#waiting.size === 0) return
    const opensAt = this.#running < this.#limit ? this.#opensAt() : this.#tryAt
    // The pause may have ended since the clock was read above: calls that wait always have a timer.
    const delay = Math.max(1, Math.ceil(opensAt - this.#scheduler.now()))
    this.#cancelTimer = this.#scheduler.after(delay, () => this.#admitWaiting())
  }

  /** Raises the limit while long calls hold all places, because OCI's limit may be a rate. */
  #tryOneMore(): void {
    const now = this.#scheduler.now()
    if (this.#waiting.size === 0 || this.#running < this.#limit || now < this.#tryAt) return
    this.#limit++
    this.#tryAt = now + MIN_HOLD
  }

  #createError(): ApiError {
    const seconds = Math.ceil((this.#pausedUntil - this.#scheduler.now()) / 1000)
    const retryAfter = Math.max(1, seconds)
    return new ApiError(
      'rate_limit_exceeded',
      `OCI's rate limit for this model is reached. Retry in ${retryAfter} seconds`,
      { retryAfter, reason: RATE_LIMITED },
    )
  }
}
