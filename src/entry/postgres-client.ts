import { ApiError } from '../errors.ts'
import type { PostgresClient, SendToPostgres } from '../store/postgres/runner.ts'
import { openDriver } from './open-driver.ts'

/** Postgres types of whole numbers beyond 32 bits: `bigint`, and `numeric`, the sum of bigints. */
const WHOLE_NUMBERS = [20, 1700]
/** Seconds. */
const CONNECT_TIMEOUT = 10

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
    begin: async <Result>(work: (send: SendToPostgres) => Promise<Result>) => {
      // The driver resolves an array of promises, which `work` never returns.
      return await sql.begin((transaction) =>
        work((text, values) => transaction.unsafe(text, [...values], { prepare: true }))
      ) as Result
    },
    send: (text, values) => sql.unsafe(text, [...values], { prepare: true }),
    close: () => sql.end({ timeout: CONNECT_TIMEOUT }),
  }
}

function readWholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  throw new ApiError('internal_error', `The number ${text} of the store is too large`)
}
