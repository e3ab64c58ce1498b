import { createLocalRunner } from '../sql/local-runner.ts'
import { type LedgerPosition, rowsAfter } from '../sql/ledger.ts'
import type { SqlDatabase, SqlRow } from '../sql/statement.ts'
import { openSqlStore } from '../sql/store.ts'
import type { Store, UsageQuery } from '../store.ts'
import { decode, encode } from './codec.ts'

/** The storage of a Durable Object, `ctx.storage`. */
export interface DurableStorage {
  sql: { exec(sql: string, ...values: unknown[]): { toArray(): SqlRow[] } }
  transactionSync<Result>(work: () => Result): Result
}

/** Rows of one answer to `rows`. */
const PAGE = 500

/**
 * Serves a store in a Durable Object: a request is `POST /<method>` with the arguments as JSON. Only
 * a Worker with the binding reaches it.
 */
export function createStoreHandler(
  storage: DurableStorage,
): (request: Request) => Promise<Response> {
  const runner = createLocalRunner(databaseOf(storage))
  let opened: Promise<Store> | undefined
  return async (request) => {
    try {
      const store = await (opened ??= openSqlStore(runner))
      const method = new URL(request.url).pathname.slice(1)
      // The client has encoded the arguments of this method.
      const values = decode(await request.text()) as unknown[]
      if (method === 'rows') {
        const [query, after] = values as [Omit<UsageQuery, 'by'>, LedgerPosition | undefined]
        return new Response(encode(await runner.read(() => rowsAfter(query, after, PAGE))))
      }
      const methods = store as unknown as Record<string, (...values: unknown[]) => unknown>
      return new Response(encode(await methods[method]?.(...values)))
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return new Response(message, { status: 500 })
    }
  }
}

function databaseOf(storage: DurableStorage): SqlDatabase {
  return {
    run: (sql) => void storage.sql.exec(sql),
    all: (sql, values) => storage.sql.exec(sql, ...values).toArray(),
    transaction: (work) => storage.transactionSync(work),
    close() {},
  }
}
