import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import fc from 'fast-check'
import { openStore } from '../../src/entry/open-store.ts'
import { checkClusterHistory, clusterHistories } from '../cluster/histories.ts'
import { startCluster } from '../cluster/instances.ts'
import { HISTORY_CONFIG } from '../keys/history-requests.ts'
import type { Fuzz } from './fuzz.ts'

/** Milliseconds between the events of a stream, so that a gateway is killed in its middle. */
const EVENT_DELAY = 8

/**
 * Random histories of requests through three gateways with Postgres and Redis, which are killed and
 * started again in the middle: see `checkClusterHistory`.
 */
export async function cluster(): Promise<Fuzz> {
  await using resources = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'cluster-'))
  resources.defer(() => rm(folder, { recursive: true, force: true }))
  // Compiled modules make the start of a gateway faster.
  process.env['NODE_COMPILE_CACHE'] ??= folder
  const started = await startCluster(EVENT_DELAY, {
    GATEWAY_CONFIG: JSON.stringify(HISTORY_CONFIG),
  })
  resources.defer(() => started.close())
  const store = await openStore(started.postgres.url, started.redis.url)
  resources.defer(() => store.close())
  const ledger = await openStore(started.postgres.url)
  resources.defer(() => ledger.close())
  const sums = new Map<string, number>()
  const add = (name: string, value: number) => sums.set(name, (sums.get(name) ?? 0) + value)
  const opened = resources.move()
  return {
    property: fc.asyncProperty(clusterHistories, async (history) => {
      const outcome = await checkClusterHistory(history, { cluster: started, store, ledger })
      add('histories', 1)
      add('with kills', Number(outcome.kills > 0))
      for (const { kind } of history.requests) add(`request: ${kind}`, 1)
      for (const [name, value] of Object.entries(outcome)) add(name, value)
    }),
    summary: () => Array.from(sums, ([name, value]) => `${name} ${value}`).join(', '),
    close: () => opened.disposeAsync(),
  }
}
