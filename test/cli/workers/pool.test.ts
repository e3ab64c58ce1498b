import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  openWorkerPool,
  type Worker,
  type WorkerPoolOptions,
} from '../../../src/cli/workers/pool.ts'
import type { LogRecord } from '../../../src/platform.ts'

/** A worker in memory, which the test lets listen and exit. */
interface FakeWorker extends Worker {
  /** The port that it was started with. */
  startedAt: number
  listen(port: number): void
  exit(reason: string): void
  calls: string[]
}

function createFakeWorker(pid: number, startedAt: number): FakeWorker {
  const listening = Promise.withResolvers<number>()
  const exited = Promise.withResolvers<string>()
  const calls: string[] = []
  const exit = (reason: string) => {
    listening.reject(new Error(`ended: ${reason}`))
    exited.resolve(reason)
  }
  listening.promise.catch(() => {})
  return {
    ...{ pid, startedAt, calls, exit },
    listening: listening.promise,
    exited: exited.promise,
    listen: listening.resolve,
    reload: () => void calls.push('reload'),
    end() {
      calls.push('end')
      exit('status 0')
    },
    kill() {
      calls.push('kill')
      exit('SIGKILL')
    },
  }
}

/** A pool whose clock and delays the test controls. */
function createSetup(count: number) {
  const workers: FakeWorker[] = []
  const records: LogRecord[] = []
  const delays: number[] = []
  const clock = { now: 0 }
  const options: WorkerPoolOptions = {
    count,
    start(port) {
      const worker = createFakeWorker(workers.length + 1, port)
      workers.push(worker)
      return worker
    },
    log: (record) => records.push(record),
    now: () => clock.now,
    sleep(ms) {
      delays.push(ms)
      return Promise.resolve()
    },
  }
  return { workers, records, delays, clock, options }
}

/** Lets all pending promises continue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

async function openTwo() {
  const setup = createSetup(2)
  const opening = openWorkerPool(0, setup.options)
  setup.workers[0]?.listen(8050)
  await settle()
  setup.workers[1]?.listen(8050)
  return { ...setup, pool: await opening }
}

describe('openWorkerPool()', () => {
  it('starts the others at the port of the first, and is open when all listen', async () => {
    const { pool, workers, records } = await openTwo()
    assert.equal(pool.port, 8050)
    assert.deepEqual(workers.map(({ startedAt }) => startedAt), [0, 8050])
    assert.deepEqual(
      records.map(({ event, pid }) => [event, pid]),
      [['worker_started', 1], ['worker_started', 2]],
    )
  })

  it('rejects, and ends all workers, when one ends before it listens', async () => {
    const { workers, options } = createSetup(3)
    const opening = openWorkerPool(8050, options)
    workers[0]?.listen(8050)
    await settle()
    workers[2]?.exit('status 1')
    await assert.rejects(opening, /ended: status 1/)
    assert.deepEqual(workers.map(({ calls }) => calls), [['kill'], ['kill'], ['kill']])
  })

  it('restarts a worker that ran for a while at once, others with growing delays', async () => {
    const { workers, delays, clock, records } = await openTwo()
    for (let times = 1; times <= 7; times++) {
      workers.at(-1)?.exit('SIGSEGV')
      await settle()
    }
    clock.now = 60_000
    workers.at(-1)?.exit('status 1')
    await settle()
    assert.deepEqual(delays, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 0])
    assert.deepEqual(new Set(workers.slice(2).map(({ startedAt }) => startedAt)), new Set([8050]))
    const exits = records.filter(({ event }) => event === 'worker_exited')
    assert.deepEqual(exits.at(-1), {
      ...{ level: 'error', event: 'worker_exited', pid: 9, reason: 'status 1', restartInMs: 0 },
    })
  })

  it('lets all workers reload, also one that was restarted', async () => {
    const { pool, workers } = await openTwo()
    workers[0]?.exit('status 1')
    await settle()
    pool.reload()
    assert.deepEqual(workers.map(({ calls }) => calls), [[], ['reload'], ['reload']])
  })

  it('ends all workers and restarts none', async () => {
    const { pool, workers, delays } = await openTwo()
    await pool.end()
    assert.deepEqual(workers.map(({ calls }) => calls), [['end'], ['end']])
    assert.deepEqual(delays, [])
    pool.kill()
    assert.deepEqual(workers.map(({ calls }) => calls), [['end', 'kill'], ['end', 'kill']])
  })

  it('ends while a worker waits for its restart', async () => {
    const { options, workers, pool } = await openTwo()
    options.sleep = () => new Promise(() => {})
    workers[1]?.exit('status 1')
    await settle()
    await pool.end()
    assert.equal(workers.length, 2)
  })
})
