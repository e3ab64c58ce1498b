import { openPostgresClient } from '../../src/entry/postgres-client.ts'
import { createPostgresRunner } from '../../src/store/postgres/runner.ts'
import { openSqlStore } from '../../src/store/sql/store.ts'
import { testStore } from './contract.ts'
import { missingEngine, startPostgres } from './engines.ts'
import { emptyPostgres } from './empty-database.ts'

testStore('Postgres', {
  async start() {
    const engine = await startPostgres()
    return {
      async open() {
        await emptyPostgres(engine.url)
        return await openSqlStore(createPostgresRunner(await openPostgresClient(engine.url)))
      },
      stop: () => engine.stop(),
    }
  },
  histories: 6,
  everyQuery: 7,
  skip: await missingEngine('postgres'),
})
