import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SqlDatabase } from '../store/sql/statement.ts'

/** Milliseconds that a process waits for another one that writes to the same file. */
const BUSY = 10_000

/**
 * Opens an SQLite file, or `:memory:`. A new file is readable by its owner only. With
 * `synchronous=NORMAL` a crash of the process loses nothing; a power failure may lose the last
 * transactions, but never damages the file.
 */
export async function openSqliteDatabase(path: string): Promise<SqlDatabase> {
  const [{ DatabaseSync }, { open }] = await Promise.all([
    import('node:sqlite'),
    import('node:fs/promises'),
  ])
  // SQLite gives its other files the mode of this one.
  if (path !== ':memory:') await (await open(path, 'a', 0o600)).close()
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA busy_timeout = ${BUSY}`)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(
    'PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536',
  )
  return createSqliteDatabase(database)
}

function createSqliteDatabase(database: DatabaseSync): SqlDatabase {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string) => {
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const [begin, commit] = ['BEGIN IMMEDIATE', 'COMMIT'].map(prepare)
  const rollback = () => {
    try {
      database.exec('ROLLBACK')
    } catch {
      // Some errors, such as a full disk, have rolled it back already.
    }
  }
  return {
    run: (sql) => database.exec(sql),
    // The columns of the store's tables have only values of these types.
    all: (sql, values) => prepare(sql).all(...values) as ReturnType<SqlDatabase['all']>,
    transaction(work) {
      begin?.run()
      try {
        const result = work()
        commit?.run()
        return result
      } catch (error) {
        rollback()
        throw error
      }
    },
    close: () => database.close(),
  }
}
