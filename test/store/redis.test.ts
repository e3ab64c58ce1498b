import { openRedisClient } from '../../src/entry/redis-client.ts'
import { openSqliteDatabase } from '../../src/entry/sqlite-database.ts'
import { createRedisStore } from '../../src/store/redis/store.ts'
import { createLocalRunner } from '../../src/store/sql/local-runner.ts'
import { openSqlStore } from '../../src/store/sql/store.ts'
import { testStore } from './contract.ts'
import { emptyRedis } from './empty-database.ts'
import { missingEngine, startRedis } from './engines.ts'

testStore('Redis', {
  async start() {
    const engine = await startRedis()
    return {
      async open() {
        await emptyRedis(engine.url)
        const database = await openSqliteDatabase(':memory:')
        const rest = await openSqlStore(createLocalRunner(database))
        return createRedisStore(rest, await openRedisClient(engine.url))
      },
      stop: () => engine.stop(),
    }
  },
  histories: 12,
  everyQuery: 7,
  skip: await missingEngine('redis-server'),
})
