import { ApiError } from '../errors.ts'
import { createMemoryStore } from '../store/memory/store.ts'
import { createPostgresRunner } from '../store/postgres/runner.ts'
import { createRedisStore } from '../store/redis/store.ts'
import { createLocalRunner } from '../store/sql/local-runner.ts'
import { openSqlStore } from '../store/sql/store.ts'
import type { Store } from '../store/store.ts'

/**
 * Opens the store of `GATEWAY_STORE`: `memory:`, `sqlite:./gateway.db` or `postgres://…`. With
 * `counters`, a `redis://…` address, counters and reservations are in Redis. Drivers and `node:sqlite`
 * are loaded only if they are used.
 */
export async function openStore(location: string, counters?: string): Promise<Store> {
  const kind = kindOf(location)
  const isRedis = counters === undefined || /^rediss?:\/\//.test(counters)
  if (!isRedis) {
    throw invalid('Cannot open the counters', counters, 'redis://host:6379 or rediss://…')
  }
  const store = await named(kind, () => openLocation(kind, location))
  if (counters === undefined) return store
  try {
    return await named('Redis', async () => {
      const { openRedisClient } = await import('./redis-client.ts')
      return createRedisStore(store, await openRedisClient(counters))
    })
  } catch (error) {
    await store.close()
    throw error
  }
}

type Kind = 'memory' | 'SQLite' | 'Postgres'

function kindOf(location: string): Kind {
  if (location === 'memory:') return 'memory'
  if (/^sqlite:./.test(location)) return 'SQLite'
  if (/^postgres(ql)?:\/\//.test(location)) return 'Postgres'
  const allowed = 'memory:, sqlite:./gateway.db or postgres://user:password@host/database'
  throw invalid('Cannot open the store', location, allowed)
}

/** Only the scheme is named, because the address may contain a password. */
function invalid(action: string, address: string, allowed: string): ApiError {
  const [scheme = ''] = /^\w*:?/.exec(address) ?? []
  const message = `${action}: unknown address "${scheme}…". Use ${allowed}`
  return new ApiError('configuration_error', message)
}

async function openLocation(kind: Kind, location: string): Promise<Store> {
  switch (kind) {
    case 'memory':
      return createMemoryStore()
    case 'SQLite': {
      const { openSqliteDatabase } = await import('./sqlite-database.ts')
      const database = await openSqliteDatabase(location.slice('sqlite:'.length))
      return await openSqlStore(createLocalRunner(database))
    }
    case 'Postgres': {
      const { openPostgresClient } = await import('./postgres-client.ts')
      return await openSqlStore(createPostgresRunner(await openPostgresClient(location)))
    }
  }
}

/** Names the kind of the store in the error of its driver. */
async function named(kind: Kind | 'Redis', open: () => Promise<Store>): Promise<Store> {
  try {
    return await open()
  } catch (cause) {
    if (cause instanceof ApiError) throw cause
    // An error of a refused connection may have only a code.
    const reason = cause instanceof Error && ('code' in cause ? cause.code : undefined)
    const text = cause instanceof Error && cause.message !== '' ? cause.message : String(reason)
    throw new ApiError('configuration_error', `Cannot open the store in ${kind}: ${text}`, {
      cause,
    })
  }
}
