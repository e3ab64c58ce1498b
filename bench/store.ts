/**
 * Measures what reserving and settling a request costs, in microseconds (median):
 *
 *   node bench/store.ts
 *
 * SQLite in a file, and Redis with SQLite if `redis-server` is installed. A request has six limits:
 * requests, tokens and a budget of its key and of its team.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { openStore } from '../src/entry/open-store.ts'
import type { Store } from '../src/store/store.ts'
import { missingEngine, startRedis } from '../test/store/engines.ts'
import { demandOf, NOVEMBER, reservationOf, rowOf } from '../test/store/records.ts'

const REQUESTS = 3000
const WARM_UP = 500
/** Requests that are settled together. */
const BATCH = 16

const folder = await mkdtemp(join(tmpdir(), 'store-'))
const file = (name: string) => `sqlite:${join(folder, name)}`
await measure('memory', await openStore('memory:'))
await measure('SQLite', await openStore(file('alone.db')))
const missing = await missingEngine('redis-server')
if (missing) process.stdout.write(`Redis skipped: ${missing}\n`)
else {
  const engine = await startRedis()
  await measure('Redis', await openStore(file('rest.db'), engine.url))
  await engine.stop()
}
await rm(folder, { recursive: true, force: true })

async function measure(name: string, store: Store): Promise<void> {
  const reserve: number[] = []
  const one: number[] = []
  const batch: number[] = []
  const before = process.cpuUsage()
  for (let index = 0; index < REQUESTS + WARM_UP; index++) {
    const startedAt = performance.now()
    await reserveOne(store, `${name}-${index}`)
    const reservedAt = performance.now()
    await settleAll(store, [`${name}-${index}`])
    if (index < WARM_UP) continue
    reserve.push(reservedAt - startedAt)
    one.push(performance.now() - startedAt)
  }
  const { user, system } = process.cpuUsage(before)
  for (let index = 0; index < REQUESTS; index += BATCH) {
    const ids = Array.from({ length: BATCH }, (_, at) => `${name}-batch-${index + at}`)
    for (const id of ids) await reserveOne(store, id)
    const startedAt = performance.now()
    await settleAll(store, ids)
    batch.push((performance.now() - startedAt) / BATCH)
  }
  const cpu = (user + system) / (REQUESTS + WARM_UP)
  process.stdout.write(
    `${name}: reserve ${median(reserve)} µs, reserve + settle ${median(one)} µs ` +
      `(CPU ${cpu.toFixed(0)} µs), settle in batches of ${BATCH} ${median(batch)} µs each\n`,
  )
  await store.close()
}

async function reserveOne(store: Store, id: string): Promise<void> {
  const limit = Number.MAX_SAFE_INTEGER
  const demands = ['key:k1', 'team:research'].flatMap((scope) => [
    demandOf({ scope, metric: 'requests', window: { type: 'minute' } }, limit, 1),
    demandOf({ scope, metric: 'tokens', window: { type: 'minute' } }, limit, 100, 1),
    demandOf({ scope, metric: 'cost', window: NOVEMBER.window }, limit, 100, 15),
  ])
  const output = { wanted: 500, minimum: 1 }
  await store.reserve(reservationOf(id, demands, { output, now: Date.now() }))
}

async function settleAll(store: Store, ids: readonly string[]): Promise<void> {
  await store.settle(ids.map((id) => ({ id, row: rowOf(id, { time: Date.now() }) })), Date.now())
}

function median(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  return ((sorted[Math.floor(sorted.length / 2)] ?? 0) * 1000).toFixed(0)
}
