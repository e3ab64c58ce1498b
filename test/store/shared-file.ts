import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { openStore } from '../../src/entry/open-store.ts'
import { openSqliteDatabase } from '../../src/entry/sqlite-database.ts'
import type { Store } from '../../src/store/store.ts'
import { FIRST_REQUESTS, SHARED_LIMITS } from './shared-limits.ts'

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url))

/**
 * Starts processes that reserve and settle in one SQLite file, and kills the first one. Checks that no
 * limit is exceeded, that nothing is damaged, and that the rest of the killed process expires.
 * @param requests requests of each process
 */
export async function checkSharedFile(names: readonly string[], requests = 400): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'store-'))
  const file = join(folder, 'gateway.db')
  const store = await openStore(`sqlite:${file}`)
  const writers = names.map((name) => startWriter(file, name, requests))
  try {
    const [first, ...others] = writers
    await Promise.all(writers.map(({ lines }) => lines(FIRST_REQUESTS)))
    for (const { child } of writers) child.stdin.end()
    await Promise.all(writers.map(({ lines }) => lines(40)))
    await checkLimits(store)
    // In the middle of a transaction or between two; neither may damage anything.
    first?.child.kill('SIGKILL')
    await first?.closed
    await checkLimits(store)
    for (const { closed } of others) assert.equal(await closed, 0)
    await checkLimits(store)
    await checkRecovery(store, names)
  } finally {
    for (const { child } of writers) child.kill('SIGKILL')
    await store.close()
  }
  const database = await openSqliteDatabase(file)
  assert.equal(database.all('PRAGMA integrity_check', [])[0]?.['integrity_check'], 'ok')
  database.close()
  await rm(folder, { recursive: true, force: true })
}

interface Writer {
  child: ChildProcessByStdio<Writable, Readable, null>
  /** Resolves with the exit code. */
  closed: Promise<number | null>
  /** Resolves when the writer has written some lines. */
  lines(count: number): Promise<void>
}

function startWriter(file: string, name: string, requests: number): Writer {
  const flags = 'Deno' in globalThis ? ['run', '-A', '--no-check'] : []
  const args = [...flags, WRITER, file, name, String(requests)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  let written = 0
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const progress = new EventTarget()
  child.stdout.on('data', (chunk) => {
    written += String(chunk).split('\n').length - 1
    progress.dispatchEvent(new Event('lines'))
  })
  const lines = async (count: number) => {
    while (written < count) {
      const more = new Promise((resolve) =>
        progress.addEventListener('lines', resolve, { once: true })
      )
      const ended = closed.then((code) => assert.ok(written >= count, `ended with ${code}`))
      await Promise.race([more, ended])
    }
  }
  return { child, closed, lines }
}

async function checkLimits(store: Store): Promise<void> {
  const states = await store.counters(SHARED_LIMITS, Date.now())
  for (const [index, { spent, reserved, metric }] of states.entries()) {
    const limit = SHARED_LIMITS[index]?.limit ?? 0
    assert.ok(spent + reserved <= limit, `${metric}: ${spent} + ${reserved} of ${limit}`)
  }
}

/** What the ended processes had reserved expires, and the sums of the ledger are what was spent. */
async function checkRecovery(store: Store, names: readonly string[]): Promise<void> {
  assert.ok(await store.expire(Date.now()) > 0)
  const [concurrency, cost, tokens] = await store.counters(SHARED_LIMITS, Date.now())
  assert.deepEqual([concurrency, cost, tokens].map((state) => state?.reserved), [0, 0, 0])
  const [sum] = await store.usage({ by: [] })
  assert.ok(sum)
  assert.equal(tokens?.spent, sum.promptTokens + sum.completionTokens)
  assert.equal(BigInt(cost?.spent ?? -1), sum.cost)
  const rows = await Array.fromAsync(store.rows({}))
  assert.equal(rows.length, sum.requests)
  const writers = new Set(rows.map(({ id }) => id.split('-')[0]))
  assert.deepEqual([...writers].sort(), [...names].sort())
}
