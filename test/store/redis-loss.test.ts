import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { openRedisClient } from '../../src/entry/redis-client.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import { createRedisStore, type RedisClient } from '../../src/store/redis/store.ts'
import { emptyRedis } from './empty-database.ts'
import { type Engine, missingEngine, startRedis } from './engines.ts'
import { demandOf, NOVEMBER, reservationOf, rowOf } from './records.ts'

const NOW = 1_000_000
const DEMANDS = [demandOf(NOVEMBER, 100, 40), demandOf({ metric: 'concurrency' }, 3, 1)]

describe('Redis store', { skip: await missingEngine('redis-server') }, () => {
  let started: Promise<Engine> | undefined
  const start = async () => {
    const engine = await (started ??= startRedis())
    await emptyRedis(engine.url)
    return engine
  }
  after(async () => await (await started)?.stop())

  it('takes what was spent of budgets from the other store when Redis has lost it', async () => {
    const { url } = await start()
    const rest = createMemoryStore()
    const store = createRedisStore(rest, await openRedisClient(url))
    await store.reserve(reservationOf('r1', DEMANDS))
    await store.settle([{ id: 'r1', row: rowOf('r1') }], NOW)
    await emptyRedis(url)
    assert.deepEqual((await store.counters([NOVEMBER], NOW)).map(({ spent }) => spent), [15])
    const result = await store.reserve(reservationOf('r2', [demandOf(NOVEMBER, 54, 40)]))
    assert.equal(result.type, 'rejected')
    await store.close()
  })

  it('settles to the row of the ledger after a crash between both', async () => {
    const { url } = await start()
    const rest = createMemoryStore()
    const client = await openRedisClient(url)
    const crashing: RedisClient = {
      ...client,
      run: (operation, ...values) => {
        if (operation === 'settle') return Promise.reject(new Error('crash'))
        return client.run(operation, ...values)
      },
    }
    await createRedisStore(rest, client).reserve(reservationOf('r1', DEMANDS))
    const settlement = { id: 'r1', row: rowOf('r1') }
    await assert.rejects(createRedisStore(rest, crashing).settle([settlement], NOW), /crash/)
    const store = createRedisStore(rest, client)
    assert.equal(await store.expire(NOW + 60_000), 1)
    const states = await store.counters(DEMANDS, NOW)
    assert.deepEqual(states.map(({ spent, reserved }) => [spent, reserved]), [[15, 0], [0, 0]])
    assert.deepEqual(await store.findRows(['r1']), [rowOf('r1')])
    await store.settle([settlement], NOW)
    const again = await store.counters([NOVEMBER], NOW)
    assert.deepEqual(again.map(({ spent }) => spent), [15])
    await store.close()
  })

  it('rejects at once while Redis is away, and keeps its counters over a restart', async () => {
    const engine = await start()
    const store = createRedisStore(createMemoryStore(), await openRedisClient(engine.url))
    await store.reserve(reservationOf('r1', DEMANDS))
    await engine.end()
    await assert.rejects(store.reserve(reservationOf('r2', DEMANDS)))
    await assert.rejects(store.ping())
    await engine.restart()
    // The client connects again by itself.
    let states
    while (!states) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      states = await store.counters(DEMANDS, NOW).catch(() => undefined)
    }
    assert.deepEqual(states.map(({ reserved }) => reserved), [40, 1])
    await store.close()
  })
})
