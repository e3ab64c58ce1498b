import { drive, type SqlDatabase, SQLITE, type SqlRunner } from './statement.ts'

/** Runs work on a database in the process, each transaction at once. */
export function createLocalRunner(database: SqlDatabase): SqlRunner {
  return {
    dialect: SQLITE,
    transaction: async (work) => await database.transaction(() => drive(work(), database)),
    read: async (work) => await drive(work(), database),
    close: async () => await database.close(),
  }
}
