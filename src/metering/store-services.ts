import type { BudgetPolicy } from '../access/access-policy.ts'
import { createStoreGuard, type StoreGuard } from '../access/store-guard.ts'
import { createStoredKeys, type StoredKeys } from '../access/stored-keys.ts'
import type { Platform } from '../platform.ts'
import type { Store } from '../store/store.ts'
import { createMetering, type Metering, servesWithoutStore } from './metering.ts'

/** A store with everything that a gateway does with it. */
export interface StoreServices {
  store: Store
  guard: StoreGuard
  keys: StoredKeys
  metering: Metering
  /** Adds work on the store that requests start at most every 30 seconds. It must not throw. */
  addMaintenance(work: () => void): void
}

/** Least milliseconds between two log lines about a store that does not answer. */
const LOG_INTERVAL = 10_000

/** Creates the services of a store; a process needs one, because it holds caches. */
export function createStoreServices(
  store: Store,
  policy: BudgetPolicy,
  platform: Pick<Platform, 'now' | 'log' | 'randomId'>,
): StoreServices {
  const { now } = platform
  let loggedAt = -Infinity
  const guard = createStoreGuard(now, (cause) => {
    if (now() - loggedAt < LOG_INTERVAL) return
    loggedAt = now()
    const text = cause instanceof Error ? cause.message : String(cause)
    platform.log({ level: 'error', event: 'store_down', cause: text.slice(0, 200) })
  })
  const keys = createStoredKeys({
    ...{ store, guard, now },
    mayUseLastRead: (identity) => servesWithoutStore(policy, identity),
  })
  const maintenance: (() => void)[] = []
  const onMaintenance = () => maintenance.forEach((work) => work())
  const metering = createMetering({ store, guard, policy, platform, onMaintenance })
  return { store, guard, keys, metering, addMaintenance: (work) => void maintenance.push(work) }
}
