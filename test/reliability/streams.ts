import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { freePort, startServer, stopServers } from '../../bench/processes.ts'
import { workerdCommand } from '../../bench/workerd.ts'
import { RECORDED } from '../fuzz/recordings.ts'
import type { SplitResult } from '../fuzz/split-streams.ts'
import type { Runtime } from '../runtimes/start.ts'
import type { Figure } from './figures.ts'
import { fuzz } from './run-fuzz.ts'

const SPLITS = 50_000

/** Recorded streams with random chunks, on the runtime itself: goal 3. */
export async function measureStreams(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const runs = Math.round(SPLITS * size)
  const { passed, failed } = runtime === 'workers'
    ? await splitInWorkerd(runs)
    : await fuzz(runtime, 'streams', runs)
  return [
    { goal: 3, what: 'streams with random chunks', value: passed + failed, unit: '', min: runs },
    { goal: 3, what: 'streams with different events', value: failed, unit: '', max: 0 },
  ]
}

async function splitInWorkerd(runs: number): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-streams-'))
  const port = await freePort()
  try {
    await startServer(await workerdCommand('test/fuzz/streams-worker.ts', port, {}, folder), port)
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      body: JSON.stringify({ recordings: RECORDED, runs, seed: Date.now() % 2 ** 31 }),
    })
    const { differences } = await response.json() as SplitResult
    for (const difference of differences) process.stderr.write(`${difference}\n`)
    return { passed: runs - differences.length, failed: differences.length }
  } finally {
    await stopServers()
    await rm(folder, { recursive: true, force: true })
  }
}
