import {
  driveRemote,
  POSTGRES,
  type SqlRow,
  type SqlRunner,
  type SqlValue,
  type Statement,
} from '../sql/statement.ts'

/** Runs a statement with `$1`, `$2`, … for its values. */
export type SendToPostgres = (
  sql: string,
  values: readonly SqlValue[],
) => Promise<readonly SqlRow[]>

/** What the store needs of a driver of Postgres. */
export interface PostgresClient {
  /** Runs `work` in one transaction on one connection. */
  begin<Result>(work: (send: SendToPostgres) => Promise<Result>): Promise<Result>
  send: SendToPostgres
  close(): Promise<void>
}

/** Transactions that Postgres ends because of another one: deadlock and serialization failure. */
const REPEATABLE = ['40P01', '40001']
const MAX_ATTEMPTS = 5

/** Runs work on a Postgres server. */
export function createPostgresRunner(client: PostgresClient): SqlRunner {
  return {
    dialect: POSTGRES,
    transaction: (work) =>
      repeatIfInterrupted(() =>
        client.begin((send) => driveRemote(work(), (statement) => sendWith(send, statement)))
      ),
    read: (work) => driveRemote(work(), (statement) => sendWith(client.send, statement)),
    close: () => client.close(),
  }
}

async function repeatIfInterrupted<Result>(
  run: () => Promise<Result>,
  attempt = 1,
): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    const isRepeatable = error instanceof Error && 'code' in error &&
      REPEATABLE.includes(String(error.code))
    if (!isRepeatable || attempt >= MAX_ATTEMPTS) throw error
  }
  return await repeatIfInterrupted(run, attempt + 1)
}

const numbered = new Map<string, string>()

function sendWith(send: SendToPostgres, { sql, values }: Statement): Promise<readonly SqlRow[]> {
  const known = numbered.get(sql) ?? numberPlaceholders(sql)
  numbered.set(sql, known)
  return send(known, values)
}

/** No statement of the store has a question mark in a text. */
function numberPlaceholders(sql: string): string {
  let count = 0
  return sql.replaceAll('?', () => `$${++count}`)
}
