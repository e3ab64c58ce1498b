import type { StoreGuard } from '../access/store-guard.ts'
import type { Platform } from '../platform.ts'
import type { Settlement, Store } from '../store/store.ts'

/** Writes settlements in batches, off the path of requests. */
export interface SettlementQueue {
  add(settlement: Settlement): void
  /** Resolves when all settlements so far are written, or the store does not answer. */
  flush(): Promise<void>
  /**
   * Writes what waits now, without waiting for other writers: on Workers, a request must not await a
   * promise of another one.
   */
  writeNow(): Promise<void>
  /** Settlements that are not written yet. */
  readonly size: number
}

export interface SettlementQueueOptions {
  store: Pick<Store, 'settle' | 'ping'>
  guard: StoreGuard
  platform: Pick<Platform, 'now' | 'log'>
  /** Called after each batch that was written. */
  onWritten(settlements: readonly Settlement[]): void
}

/** Milliseconds in which settlements are collected. */
const DELAY = 3
/** Milliseconds until settlements that the store did not take are sent again. */
const RETRY_DELAY = 1_000
/** Failures after which a settlement is given up if the store answers otherwise. */
const MAX_FAILURES = 10
/** Settlements of one transaction. */
const MAX_BATCH = 1_000
/** Settlements that wait while the store is down, about 100 MB. Further ones are lost and logged. */
const MAX_WAITING = 100_000

/**
 * Creates an empty queue. Settlements that the store did not take are sent again until it takes them:
 * a second settlement of the same request changes nothing.
 */
export function createSettlementQueue(options: SettlementQueueOptions): SettlementQueue {
  return new BatchQueue(options)
}

class BatchQueue implements SettlementQueue {
  readonly #options: SettlementQueueOptions
  #waiting: Settlement[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #writing: Promise<void> | undefined
  #failures = 0

  constructor(options: SettlementQueueOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#waiting.length
  }

  add(settlement: Settlement): void {
    if (this.#waiting.length >= MAX_WAITING) return this.#logLost([settlement])
    this.#waiting.push(settlement)
    this.#schedule(DELAY)
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#write()
  }

  async writeNow(): Promise<void> {
    const { store, guard, platform, onWritten } = this.#options
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    try {
      await guard.call(() => store.settle(batch, platform.now()))
      onWritten(batch)
    } catch {
      this.#waiting = [...batch, ...this.#waiting]
    }
  }

  #schedule(delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#write()
    }, delay)
  }

  #write(): Promise<void> {
    return this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined
    })
  }

  async #writeAll(): Promise<void> {
    const { store, guard, platform, onWritten } = this.#options
    while (this.#waiting.length > 0) {
      // After a failure each settlement is tried alone, so that an invalid one does not stop others.
      const batch = this.#waiting.slice(0, this.#failures > 0 ? 1 : MAX_BATCH)
      try {
        await guard.call(() => store.settle(batch, platform.now()))
      } catch {
        this.#failures++
        const isLost = this.#failures >= MAX_FAILURES && await this.#isAnswering()
        if (!isLost) return this.#schedule(RETRY_DELAY)
        this.#logLost(batch)
      }
      this.#failures = 0
      // Others may have been added, and `writeNow` may have taken these.
      const written = new Set(batch)
      this.#waiting = this.#waiting.filter((settlement) => !written.has(settlement))
      onWritten(batch)
    }
  }

  async #isAnswering(): Promise<boolean> {
    const { store, guard } = this.#options
    return await guard.call(() => store.ping()).then(() => true, () => false)
  }

  #logLost(settlements: readonly Settlement[]): void {
    for (const { id } of settlements) {
      this.#options.platform.log({ level: 'error', event: 'settlement_lost', id })
    }
  }
}
