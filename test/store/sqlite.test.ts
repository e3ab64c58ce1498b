import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteDatabase } from '../../src/entry/sqlite-database.ts'
import { createLocalRunner } from '../../src/store/sql/local-runner.ts'
import { openSqlStore } from '../../src/store/sql/store.ts'
import { testStore } from './contract.ts'

testStore('SQLite', {
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'store-'))
    let count = 0
    return {
      async open() {
        const database = await openSqliteDatabase(join(folder, `${count++}.db`))
        return await openSqlStore(createLocalRunner(database))
      },
      stop: () => rm(folder, { recursive: true, force: true }),
    }
  },
  histories: 60,
  everyQuery: 1,
})
