import type { StoreLimits } from '../limits.ts'
import type { StoreServices } from '../metering/store-services.ts'
import type { ResponseStore } from '../openai/responses/store.ts'
import type { Platform } from '../platform.ts'
import { responseSize } from '../store/response-record.ts'

/**
 * Creates the responses that all processes of a store have in common. A response that cannot be
 * stored is logged, and its answer is sent nevertheless.
 * @param limits read at each use; those of zero store none, and delete what the store has
 */
export function createSharedResponses(
  { store, guard, addMaintenance }: Pick<StoreServices, 'store' | 'guard' | 'addMaintenance'>,
  limits: StoreLimits,
  { now, log }: Pick<Platform, 'now' | 'log'>,
): ResponseStore {
  addMaintenance(() => void guard.call(() => store.pruneResponses(limits, now())).catch(() => {}))
  const warn = (cause: string) => log({ level: 'warn', event: 'response_not_stored', cause })
  return {
    async get(id, owner) {
      const record = await guard.call(() => store.getResponse(id, owner, now()))
      return record && JSON.parse(record.content)
    },
    async put(stored, owner) {
      const content = JSON.stringify(stored)
      if (responseSize(content) > limits.maxBytes) return warn('It is too large for maxMegabytes')
      const { id } = stored.response
      const createdAt = now()
      const record = { id, owner, content, createdAt, expiresAt: createdAt + limits.ttl }
      try {
        const isStored = await guard.call(() => store.putResponse(record))
        if (!isStored) warn('The store rejects it: its id is taken, or it is too large')
      } catch (error) {
        warn(error instanceof Error ? error.message : String(error))
      }
    },
    delete: (id, owner) => guard.call(() => store.deleteResponse(id, owner, now())),
  }
}
