import { readConfig } from '../../config/read.ts'
import { readConfigSource } from '../../config/source.ts'
import { createBudgetWindows } from '../../metering/budget-window.ts'
import type { ViewContext } from '../../metering/key-view.ts'
import type { Actor } from '../../metering/manage-keys.ts'
import { ApiError } from '../../errors.ts'
import type { KeyRecord } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { withConfigFile } from '../config-file.ts'
import { withFlags } from '../connection-flags.ts'
import type { Host } from '../host.ts'
import { withStore } from '../open-store.ts'
import { unknownName, usageError } from '../usage-error.ts'

/** What a command about keys works with. */
export interface KeyWork extends ViewContext {
  store: Store
  actor: Actor
}

/** Opens the store for a command about keys. Invalid settings are errors of the command line. */
export async function withKeys<Result>(
  host: Host,
  values: { config: string | undefined },
  work: (context: KeyWork) => Promise<Result>,
): Promise<Result> {
  const env = await withConfigFile(withFlags(host.env, values), host)
  const source = await readConfigSource(env, host.files)
  const { budgets } = readConfig(env, source, { requireKeys: false })
  const now = host.now()
  const windows = createBudgetWindows(budgets.timeZone)
  try {
    return await withStore(host, env, async (store) => {
      // Reservations of processes that have died are not shown.
      await store.expire(now)
      return await work({ store, windows, now, actor: { name: 'cli', now } })
    })
  } catch (error) {
    const isSetting = error instanceof ApiError && error.code === 'invalid_request' &&
      error.param !== undefined
    throw isSetting ? usageError(error.message) : error
  }
}

/** Finds a key by its name or id. The error for an unknown one suggests the nearest. */
export async function requireKey(store: Store, name: string): Promise<KeyRecord> {
  const key = await store.getKey(name)
  if (key) return key
  throw unknownName('key', name, (await store.listKeys()).map((known) => known.name))
}
