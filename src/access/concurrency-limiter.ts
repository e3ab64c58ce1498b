import type { AbortHandle } from '../abort.ts'
import { withTimeout } from '../timeout.ts'

/** Permission for one request to run, held until it is released. */
export interface Permit {
  /** Id of the client's key, or the client's address. */
  readonly client: string
  /** Aborts the request. Present once the request has called OCI. */
  abort?: AbortHandle
}

export type Acquisition =
  | { type: 'acquired'; permit: Permit }
  /** `full`: all permits are held; `client-full`: this client holds its maximum. */
  | { type: 'rejected'; reason: 'draining' | 'full' | 'client-full' }

/** Limits concurrent requests: of all clients together and of each client. */
export interface ConcurrencyLimiter {
  acquire(client: string): Acquisition
  /** Returns a permit. A second release has no effect. */
  release(permit: Permit): void
  /** Permits that are held now. */
  readonly active: number
  readonly max: number
  readonly isDraining: boolean
  /**
   * Rejects every new request and resolves when all permits are released. Requests that still run
   * after `grace` milliseconds are aborted with `reason` and get one more second.
   */
  drain(grace: number, reason: unknown): Promise<void>
}

/** Time for aborted requests to send their last event, in milliseconds. */
const ABORT_GRACE = 1_000

/** They may change while requests run: a lower maximum applies to new requests. */
export interface ConcurrencyLimits {
  /**
   * `Infinity` disables the limiter: Workers may cancel a request without running its code again,
   * so its permit would never be released.
   */
  max: number
  maxPerClient: number
}

/** Creates a limiter with all permits available. It reads `limits` for each request. */
export function createConcurrencyLimiter(
  limits: Readonly<ConcurrencyLimits>,
): ConcurrencyLimiter {
  return new PermitLimiter(limits)
}

class PermitLimiter implements ConcurrencyLimiter {
  readonly #limits: Readonly<ConcurrencyLimits>
  readonly #permits = new Set<Permit>()
  /** Number of permits by client; at most as many entries as permits. */
  readonly #counts = new Map<string, number>()
  #onEmpty: (() => void) | undefined
  isDraining = false

  constructor(limits: Readonly<ConcurrencyLimits>) {
    this.#limits = limits
  }

  get max(): number {
    return this.#limits.max
  }

  get active(): number {
    return this.#permits.size
  }

  acquire(client: string): Acquisition {
    if (this.isDraining) return { type: 'rejected', reason: 'draining' }
    const permit: Permit = { client }
    if (this.max === Infinity) return { type: 'acquired', permit }
    if (this.active >= this.max) return { type: 'rejected', reason: 'full' }
    const count = this.#counts.get(client) ?? 0
    if (count >= this.#limits.maxPerClient) return { type: 'rejected', reason: 'client-full' }
    this.#permits.add(permit)
    this.#counts.set(client, count + 1)
    return { type: 'acquired', permit }
  }

  release(permit: Permit): void {
    if (!this.#permits.delete(permit)) return
    const count = (this.#counts.get(permit.client) ?? 0) - 1
    if (count > 0) this.#counts.set(permit.client, count)
    else this.#counts.delete(permit.client)
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
