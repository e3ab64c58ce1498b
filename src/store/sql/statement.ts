/** A value of a column or of a parameter. */
export type SqlValue = string | number | null

/** A row by the names of its columns. */
export type SqlRow = Readonly<Record<string, SqlValue>>

/** One SQL statement with a `?` for each value. */
export interface Statement {
  sql: string
  values: readonly SqlValue[]
}

/**
 * Work that yields its statements and receives their rows. A database in the process runs it without
 * a promise, so that nothing else comes between the statements of a transaction; a server awaits
 * each one. Both run the same code.
 */
export type Steps<Result> = Generator<Statement, Result, readonly SqlRow[]>

/** A database in the process: `node:sqlite`, or the storage of a Durable Object. */
export interface SqlDatabase {
  /** Runs statements without values or rows, separated by semicolons. */
  run(sql: string): void
  /** Runs one statement and reads all its rows. */
  all(sql: string, values: readonly SqlValue[]): readonly SqlRow[]
  /** Runs `work` in a write transaction, which is rolled back if it throws. */
  transaction<Result>(work: () => Result): Result
  close(): void
}

/** Runs work on some database. */
export interface SqlRunner {
  dialect: Dialect
  /** Runs work in one write transaction. It may run more than once. */
  transaction<Result>(work: () => Steps<Result>): Promise<Result>
  /** Runs work that only reads. */
  read<Result>(work: () => Steps<Result>): Promise<Result>
  close(): Promise<void>
}

/** The differences between SQLite and Postgres. */
export interface Dialect {
  name: 'sqlite' | 'postgres'
  /** Rows of one INSERT. */
  rowsPerInsert: number
}

/** SQLite has one writer at a time. A Durable Object allows 100 values in a statement. */
export const SQLITE: Dialect = { name: 'sqlite', rowsPerInsert: 1 }

/** Postgres locks rows, and each statement is a round trip. */
export const POSTGRES: Dialect = { name: 'postgres', rowsPerInsert: 50 }

/** Runs one statement. */
export function* query(sql: string, ...values: SqlValue[]): Steps<readonly SqlRow[]> {
  return yield { sql, values }
}

/** A list of `?` for `count` values. */
export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join()
}

/** Splits values into lists that fit one statement. */
export function* chunks<Value>(values: readonly Value[], size = 50): Generator<Value[]> {
  for (let start = 0; start < values.length; start += size) {
    yield values.slice(start, start + size)
  }
}

/** Runs work on a database in the process. */
export function drive<Result>(steps: Steps<Result>, database: SqlDatabase): Result {
  let step = steps.next()
  while (!step.done) step = steps.next(database.all(step.value.sql, step.value.values))
  return step.value
}

/** Runs work on a server. */
export async function driveRemote<Result>(
  steps: Steps<Result>,
  send: (statement: Statement) => Promise<readonly SqlRow[]>,
): Promise<Result> {
  let step = steps.next()
  while (!step.done) step = steps.next(await send(step.value))
  return step.value
}
