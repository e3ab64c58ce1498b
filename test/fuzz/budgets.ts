import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import fc from 'fast-check'
import { openStore } from '../../src/entry/open-store.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { Store } from '../../src/store/store.ts'
import { type Engine, missingEngine, startPostgres, startRedis } from '../store/engines.ts'
import { checkHistory as checkGatewayHistory, openHistories } from '../keys/histories.ts'
import { KINDS, requestsOf } from '../keys/history-requests.ts'
import { histories, type HistoryEvent } from '../store/histories.ts'
import { checkSharedFile } from '../store/shared-file.ts'
import { checkHistory } from '../store/law.ts'
import { startDurableObjects } from '../store/workerd.ts'
import type { Fuzz } from './fuzz.ts'

/** Each engine that is not in the process checks one of so many histories. */
const EVERY = 10
/** A history of requests through the gateway, with SQLite, follows one of so many histories. */
const GATEWAY_EVERY = 20
/** Two processes share an SQLite file, and one is killed, once in so many histories. */
const PROCESSES_EVERY = 1000

interface Checked {
  store: Store
  every: number
  histories: number
  stop(): Promise<void>
}

/**
 * Random histories of requests against each kind of store: spent + reserved never exceeds a limit,
 * the ledger's sums are what was spent, after quiet nothing is reserved, and each store decides as the
 * memory store does. Some runs also send requests through the gateway, which are retried, cut, left and
 * answered by other models, or share an SQLite file with a process that is killed.
 */
export async function budgets(): Promise<Fuzz> {
  const checked = new Map<string, Checked>()
  const skipped: string[] = []
  checked.set('memory', entryOf(createMemoryStore(), 1))
  checked.set('SQLite', await openSqlite())
  const objects = await startDurableObjects()
  checked.set('Durable Object', entryOf(objects.open('fuzz'), EVERY, objects.stop))
  for (const [name, program, open] of ENGINES) {
    const missing = await missingEngine(program)
    if (missing) skipped.push(`${name} skipped: ${missing}`)
    else checked.set(name, await open())
  }
  const sqlite = await openSqlite()
  await openHistories(sqlite.store)
  let runs = 0
  const counts = new Map<string, number>()
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  const property = fc.asyncProperty(histories, requestsOf(KINDS), async (history, requests) => {
    const run = runs++
    for (const event of history.events) count(nameOf(event))
    if (run % GATEWAY_EVERY === 0) {
      for (const { kind } of requests) count(`gateway: ${kind}`)
      count('gateway histories')
      await checkGatewayHistory(requests)
    }
    if (run % PROCESSES_EVERY === 0) {
      count('killed processes')
      await checkSharedFile(['one', 'two'])
    }
    const expected = await checkHistory(createMemoryStore(), history, `same${run}`, false)
    for (const [name, one] of checked) {
      if (run % one.every !== 0) continue
      one.histories++
      await checkHistory(one.store, history, `${process.pid}-${run}`)
      const results = await checkHistory(one.store, history, `same${run}`, false)
      assert.deepEqual(results, expected, name)
    }
  })
  const summary = () => {
    const stores = Array.from(checked, ([name, { histories }]) => `${name} ${histories}`)
    const contents = Array.from(counts, ([name, number]) => `${name} ${number}`).sort()
    return [...stores, ...skipped, ...contents].join(', ')
  }
  return { property, summary, close: () => closeAll([...checked.values(), sqlite]) }
}

function nameOf(event: HistoryEvent): string {
  return event.type === 'settle' ? `settle (${event.ending})` : event.type
}

function entryOf(store: Store, every: number, stop = () => Promise.resolve()): Checked {
  return { store, every, histories: 0, stop }
}

async function openSqlite(): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'store-'))
  const store = await openStore(`sqlite:${join(folder, 'gateway.db')}`)
  return entryOf(store, 1, () => rm(folder, { recursive: true, force: true }))
}

const ENGINES = [
  ['Postgres', 'postgres', () => openEngine(startPostgres, (url) => openStore(url))],
  ['Redis', 'redis-server', () => openEngine(startRedis, (url) => openStore('memory:', url))],
] as const

async function openEngine(
  start: () => Promise<Engine>,
  open: (url: string) => Promise<Store>,
): Promise<Checked> {
  const engine = await start()
  return entryOf(await open(engine.url), EVERY, engine.stop)
}

async function closeAll(checked: readonly Checked[]): Promise<void> {
  for (const { store, stop } of checked) {
    await store.close()
    await stop()
  }
}
