import { ApiError } from '../errors.ts'
import type { PostgresClient, SendToPostgres } from '../store/postgres/runner.ts'
import { openDriver } from './open-driver.ts'

/** Postgres types of whole numbers beyond 32 bits: `bigint`, and `numeric`, the sum of bigints. */
const WHOLE_NUMBERS = [20, 1700]
/** Seconds. */
const CONNECT_TIMEOUT = 10
/** Seconds: statements of a connection that was lost never settle, and are not waited for longer. */
const CLOSE_TIMEOUT = 2
/** Codes of the driver and of Postgres for a connection that is lost, or ends with the server. */
const LOST = /^(CONNECTION_\w+|ECONNRESET|EPIPE|57P0\d)$/

/** Connects to a Postgres server. The package `postgres` must be installed. */
export async function openPostgresClient(url: string): Promise<PostgresClient> {
  const { default: postgres } = await openDriver('postgres', () => import('postgres'))
  const sql = postgres(url, {
    connect_timeout: CONNECT_TIMEOUT,
    // Notices are for people.
    onnotice: () => {},
    fetch_types: false,
    types: {
      whole: { to: 20, from: WHOLE_NUMBERS, serialize: String, parse: readWholeNumber },
    },
  })
  return {
    async begin<Result>(work: (send: SendToPostgres) => Promise<Result>) {
      const guard = guardTransaction()
      try {
        // The driver resolves an array of promises, which `work` never returns.
        return await sql.begin((transaction) =>
          work((text, values) =>
            guard.run(() => transaction.unsafe(text, [...values], { prepare: true }))
          )
        ) as Result
      } finally {
        guard.close()
      }
    },
    send: (text, values) => sql.unsafe(text, [...values], { prepare: true }),
    close: () => sql.end({ timeout: CLOSE_TIMEOUT }),
  }
}

/**
 * Sends nothing more when the connection of a transaction is lost: the driver would write the next
 * statement, or its own `rollback`, to a socket that no longer exists, which ends the process. The
 * transaction itself is rejected by then, so that nothing waits for the statements that never settle.
 */
function guardTransaction() {
  let isLost = false
  const never = new Promise<never>(() => {})
  return {
    close: () => void (isLost = true),
    async run<Rows>(statement: () => PromiseLike<Rows>): Promise<Rows> {
      if (isLost) return await never
      try {
        return await statement()
      } catch (thrown) {
        isLost ||= LOST.test(String((thrown as { code?: unknown }).code))
        if (isLost) return await never
        throw thrown
      }
    },
  }
}

function readWholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  throw new ApiError('internal_error', `The number ${text} of the store is too large`)
}
