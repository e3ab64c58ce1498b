import { withTimeout } from '../timeout.ts'

/** Permission for one request to run; held until it is released. */
export interface Permit {
  /** Who holds it: a key's id, or an address. */
  readonly client: string
  /** Aborts the request. Present once it does work that outlives its handler's own code. */
  abort?: AbortController
}

export type Acquisition =
  | { type: 'acquired'; permit: Permit }
  /** `full`: all permits are taken; `client-full`: this client has as many as one may have. */
  | { type: 'rejected'; reason: 'draining' | 'full' | 'client-full' }

/** Limits how many requests run at once, in all and for each client. */
export interface ConcurrencyLimiter {
  acquire(client: string): Acquisition
  /** Gives a permit back; releasing it twice has no effect. */
  release(permit: Permit): void
  /** Permits that are held now. */
  readonly active: number
  readonly max: number
  readonly isDraining: boolean
  /**
   * Rejects every new request. Resolves when all permits are released; requests that still run
   * after `grace` milliseconds are aborted with `reason` and get one more second.
   */
  drain(grace: number, reason: unknown): Promise<void>
}

/** Time for aborted requests to send their last event, in milliseconds. */
const ABORT_GRACE = 1_000

export interface ConcurrencyLimits {
  /**
   * `Infinity` counts nothing: on Workers a request may be cancelled without any of its code running
   * again, so that its permit would never be released.
   */
  max: number
  maxPerClient: number
}

/** Creates a limiter of which no permit is held. */
export function createConcurrencyLimiter(limits: ConcurrencyLimits): ConcurrencyLimiter {
  return new PermitLimiter(limits)
}

class PermitLimiter implements ConcurrencyLimiter {
  readonly max: number
  readonly #maxPerClient: number
  readonly #permits = new Set<Permit>()
  /** Permits by client; at most as many entries as permits. */
  readonly #held = new Map<string, number>()
  #onEmpty: (() => void) | undefined
  isDraining = false

  constructor({ max, maxPerClient }: ConcurrencyLimits) {
    this.max = max
    this.#maxPerClient = maxPerClient
  }

  get active(): number {
    return this.#permits.size
  }

  acquire(client: string): Acquisition {
    if (this.isDraining) return { type: 'rejected', reason: 'draining' }
    const permit: Permit = { client }
    if (this.max === Infinity) return { type: 'acquired', permit }
    if (this.active >= this.max) return { type: 'rejected', reason: 'full' }
    const count = this.#held.get(client) ?? 0
    if (count >= this.#maxPerClient) return { type: 'rejected', reason: 'client-full' }
    this.#permits.add(permit)
    this.#held.set(client, count + 1)
    return { type: 'acquired', permit }
  }

  release(permit: Permit): void {
    if (!this.#permits.delete(permit)) return
    const count = (this.#held.get(permit.client) ?? 0) - 1
    if (count > 0) this.#held.set(permit.client, count)
    else this.#held.delete(permit.client)
    if (this.active === 0) this.#onEmpty?.()
  }

  async drain(grace: number, reason: unknown): Promise<void> {
    this.isDraining = true
    const empty = new Promise<true>((resolve) => this.#onEmpty = () => resolve(true))
    if (this.active === 0) return
    if (await withTimeout(grace, empty)) return
    for (const { abort } of this.#permits) abort?.abort(reason)
    await withTimeout(ABORT_GRACE, empty)
  }
}
