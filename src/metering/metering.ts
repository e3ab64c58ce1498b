import type { BudgetPolicy } from '../access/access-policy.ts'
import type { StoreGuard } from '../access/store-guard.ts'
import type { KeyIdentity } from '../access/stored-keys.ts'
import { BoundedMap } from '../bounded-map.ts'
import { toApiError } from '../errors.ts'
import type { Platform } from '../platform.ts'
import { createPriceBook } from '../prices/price-book.ts'
import type { PriceBook } from '../prices/price.ts'
import type { Reservation, ReservationResult, Settlement, Store } from '../store/store.ts'
import { type BudgetWindows, createBudgetWindows } from './budget-window.ts'
import { createEstimates, type Estimates } from './estimates.ts'
import type { MeteredRequest } from './ledger-row.ts'
import { limitOwners, limitsAt } from './limits.ts'
import { RequestMeter } from './request-meter.ts'
import { createSettlementQueue, type SettlementQueue } from './settlement-queue.ts'
import { unrefTimer } from '../timeout.ts'

/** Counts the use of all requests of a gateway with a store. */
export interface Metering {
  /** Starts to count a request, or resolves first with new prices. The caller must end the meter. */
  begin(request: Omit<MeteredRequest, 'id'> & { requestId: string }): Promise<RequestMeter>
  readonly windows: BudgetWindows
  /** Running requests that hold a reservation. */
  readonly reservations: number
  /** Ended requests that are not written yet. */
  readonly unsettled: number
  /** Settles all requests that have ended. */
  flush(): Promise<void>
  /** Settles what has ended now, on a runtime where requests share no promises. */
  settleNow(): Promise<void>
}

export interface MeteringOptions {
  store: Store
  guard: StoreGuard
  policy: BudgetPolicy
  platform: Pick<Platform, 'now' | 'log' | 'randomId'>
  /** Called at a request, at most every 30 seconds, to delete what has expired. */
  onMaintenance?: (() => void) | undefined
}

/** Milliseconds until the reservation of a process that has died is settled. */
const TTL = 120_000
const RENEWAL_INTERVAL = TTL / 3
/** Least milliseconds between two searches for expired reservations. */
const EXPIRY_INTERVAL = 30_000
/** Least milliseconds between two searches that a rejected request starts. */
const EXPIRY_INTERVAL_REJECTED = 1_000
/** Conversations that OCI stores, whose tokens are known. */
const MAX_STORED = 50_000
/** Keys whose last request was rejected. */
const MAX_REJECTED_KEYS = 10_000
/** Milliseconds after which a change of a price applies. */
const PRICES_TTL = 2_000
/** Least milliseconds between two records that a key was used. */
const TOUCH_INTERVAL = 5_000
/** Least milliseconds between two records of what the estimates have learnt. */
const RATIOS_INTERVAL = 30_000

/** Whether requests of a key are served while the store does not answer. */
export function servesWithoutStore(
  { whenDown }: BudgetPolicy,
  { key, team }: KeyIdentity,
): boolean {
  if (whenDown !== undefined) return whenDown === 'failOpen'
  return key.limits.budget === undefined && team?.limits.budget === undefined
}

/** Creates the metering of a store. Its timers run only while requests do. */
export function createMetering(options: MeteringOptions): Metering {
  return new StoreMetering(options)
}

class StoreMetering implements Metering {
  readonly #options: MeteringOptions
  readonly #queue: SettlementQueue
  readonly #estimates: Estimates = createEstimates()
  readonly #running = new Set<string>()
  readonly #touched = new Map<string, number>()
  readonly windows: BudgetWindows
  readonly #storedTokens = new BoundedMap<number>({ maxEntries: MAX_STORED })
  readonly #rejectedKeys = new BoundedMap<true>({ maxEntries: MAX_REJECTED_KEYS })
  #prices: PriceBook = createPriceBook([])
  #pricesReadAt = -Infinity
  #revision: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #expiredAt = -Infinity
  #ratiosSavedAt = -Infinity
  /** Whether prices and ratios were read once. */
  #isLoaded = false

  constructor(options: MeteringOptions) {
    this.#options = options
    this.windows = createBudgetWindows(options.policy.timeZone)
    this.#queue = createSettlementQueue({
      ...options,
      onWritten: (settlements) => this.#afterWrite(settlements),
    })
  }

  async begin(
    { requestId, ...request }: Omit<MeteredRequest, 'id'> & { requestId: string },
  ): Promise<RequestMeter> {
    const { platform } = this.#options
    const now = platform.now()
    // No request is priced before the operator's prices are known.
    const isStale = !this.#isLoaded || Math.abs(now - this.#pricesReadAt) >= PRICES_TTL
    if (isStale) await this.#readPrices(now)
    if (Math.abs(now - this.#expiredAt) >= EXPIRY_INTERVAL) this.#runMaintenance(now)
    const id = `${requestId}.${platform.randomId()}`
    return new RequestMeter({ ...request, id }, {
      estimates: this.#estimates,
      prices: () => this.#prices,
      now: platform.now,
      limitsOf: (identity, time) => limitsAt(limitOwners(identity), this.windows, time),
      reserve: (reservation, identity) => this.#reserve(reservation, identity),
      end: (settlement) => this.#end(id, settlement),
      storedTokens: this.#storedTokens,
      rejectedKeys: this.#rejectedKeys,
      usesLearnedLimit: this.#options.policy.usesLearnedLimit ?? false,
      ttl: TTL,
    })
  }

  get reservations(): number {
    return this.#running.size
  }

  get unsettled(): number {
    return this.#queue.size
  }

  async flush(): Promise<void> {
    await this.#queue.flush()
    await this.#saveRatios()
  }

  async settleNow(): Promise<void> {
    await this.#queue.writeNow()
  }

  async #reserve(
    reservation: Reservation,
    identity: KeyIdentity,
  ): Promise<ReservationResult | undefined> {
    const { store, guard, policy } = this.#options
    this.#running.add(reservation.id)
    this.#scheduleRenewal()
    try {
      const result = await guard.call(() => store.reserve(reservation))
      if (result.type === 'reserved') return result
      const isFreed = await this.#free(reservation.now)
      return isFreed ? await guard.call(() => store.reserve(reservation)) : result
    } catch (error) {
      if (servesWithoutStore(policy, identity)) return undefined
      throw error
    }
  }

  /**
   * Frees what requests hold that have ended, or whose process has died, so that they do not reject
   * another request. Returns whether a second try may succeed.
   */
  async #free(now: number): Promise<boolean> {
    const hasEnded = this.#queue.size > 0
    if (hasEnded) await this.#queue.writeNow()
    const isDue = Math.abs(now - this.#expiredAt) >= EXPIRY_INTERVAL_REJECTED
    const expired = isDue ? await this.#expire(now) : 0
    return hasEnded || expired > 0
  }

  #end(id: string, settlement: Settlement | undefined): void {
    this.#running.delete(id)
    if (this.#running.size === 0) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
    if (settlement) this.#queue.add(settlement)
  }

  #scheduleRenewal(): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const { store, guard, platform } = this.#options
      const ids = [...this.#running]
      void guard.call(() => store.renew(ids, platform.now() + TTL)).catch(() => {})
      this.#scheduleRenewal()
    }, RENEWAL_INTERVAL)
    // A request that is never read does not keep the process running.
    unrefTimer(this.#timer)
  }

  #runMaintenance(now: number): void {
    void this.#expire(now)
    this.#options.onMaintenance?.()
  }

  /** Settles expired reservations. Resolves with their number. */
  async #expire(now: number): Promise<number> {
    this.#expiredAt = now
    const { store, guard } = this.#options
    return await guard.call(() => store.expire(now)).catch(() => 0)
  }

  /** Keeps the last prices while the store does not answer. */
  async #readPrices(now: number): Promise<void> {
    this.#pricesReadAt = now
    const { store, guard } = this.#options
    try {
      const revision = await guard.call(() => store.revision())
      if (revision !== this.#revision) {
        this.#prices = createPriceBook(await guard.call(() => store.listPrices()))
        this.#revision = revision
      }
      if (this.#isLoaded) return
      this.#estimates.load(await guard.call(() => store.listRatios()))
      this.#isLoaded = true
    } catch (error) {
      const { message } = toApiError(error)
      this.#options.platform.log({ level: 'warn', event: 'prices_not_read', cause: message })
    }
  }

  #afterWrite(settlements: readonly Settlement[]): void {
    const { store, guard, platform } = this.#options
    const now = platform.now()
    const due = settlements.map(({ row }) => row).filter(({ key, time }) =>
      key !== '' && time - (this.#touched.get(key) ?? -Infinity) >= TOUCH_INTERVAL
    )
    if (due.length > 0) {
      const used = new Map(due.map(({ key, time }) => [key, time]))
      for (const [key, time] of used) this.#touched.set(key, time)
      void guard.call(() => store.touchKeys(used)).catch(() => {})
    }
    if (now - this.#ratiosSavedAt >= RATIOS_INTERVAL) void this.#saveRatios()
  }

  async #saveRatios(): Promise<void> {
    const { store, guard, platform } = this.#options
    this.#ratiosSavedAt = platform.now()
    const changes = this.#estimates.takeChanges()
    if (changes.length === 0) return
    await guard.call(() => store.saveRatios(changes)).catch(() => {})
  }
}
