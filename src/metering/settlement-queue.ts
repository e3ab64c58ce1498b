import type { StoreGuard } from '../access/store-guard.ts'
import type { Platform } from '../platform.ts'
import type { Settlement, Store } from '../store/store.ts'

/** Writes settlements in batches, off the path of requests. */
export interface SettlementQueue {
  add(settlement: Settlement): void
  /** Resolves when all settlements so far are written, or the store does not answer. */
  flush(): Promise<void>
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
  const { store, guard, platform, onWritten } = options
  let waiting: Settlement[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> | undefined
  let failures = 0

  function logLost(settlements: readonly Settlement[]): void {
    for (const { id } of settlements) {
      platform.log({ level: 'error', event: 'settlement_lost', id })
    }
  }

  async function isAnswering(): Promise<boolean> {
    return await guard.call(() => store.ping()).then(() => true, () => false)
  }

  function schedule(delay: number): void {
    timer ??= setTimeout(() => {
      timer = undefined
      void flush()
    }, delay)
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      // After a failure each settlement is tried alone, so that an invalid one does not stop others.
      const batch = waiting.slice(0, failures > 0 ? 1 : MAX_BATCH)
      try {
        await guard.call(() => store.settle(batch, platform.now()))
      } catch {
        failures++
        if (failures < MAX_FAILURES || !await isAnswering()) return schedule(RETRY_DELAY)
        logLost(batch)
      }
      failures = 0
      waiting = waiting.slice(batch.length)
      onWritten(batch)
    }
  }

  function flush(): Promise<void> {
    return writing ??= writeAll().finally(() => {
      writing = undefined
    })
  }

  return {
    add(settlement) {
      if (waiting.length >= MAX_WAITING) return logLost([settlement])
      waiting.push(settlement)
      schedule(DELAY)
    },
    async flush() {
      clearTimeout(timer)
      timer = undefined
      await flush()
    },
    get size() {
      return waiting.length
    },
  }
}
