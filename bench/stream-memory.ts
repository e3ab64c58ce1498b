/**
 * Measures the memory of a stream: the growth of the gateway's resident memory while many slow streams
 * run, divided by their number.
 *
 *   node bench/stream-memory.ts [node|bun|deno|workers]... [--write]
 *
 * `--write` updates bench/STREAMS.md.
 */
import { writeFile } from 'node:fs/promises'
import process from 'node:process'
import { chatRequest, pacedStream } from '../test/reliability/chat.ts'
import { createClient } from '../test/reliability/client.ts'
import { openMeasured } from '../test/reliability/gateway.ts'
import { isRuntime, type Runtime } from '../test/runtimes/start.ts'
import { membersOf, residentMegabytes } from './processes.ts'

const WARM_UP = 200
const STREAMS = 2_000
/** Longer than it takes to start all streams on a slow machine. */
const SECONDS = 90
const LIMITS = { maxConcurrentRequests: 10_000, maxConcurrentRequestsPerClient: 10_000 }

const chosen = process.argv.slice(2).filter(isRuntime)
const runtimes: readonly Runtime[] = chosen.length > 0 ? chosen : ['node', 'bun', 'deno']
const rows: string[] = []
for (const runtime of runtimes) {
  const { before, after } = await measure(runtime)
  const perStream = (after - before) * 1024 / STREAMS
  const cells = [runtime, STREAMS, before.toFixed(0), after.toFixed(0), perStream.toFixed(1)]
  rows.push(`| ${cells.join(' | ')} |`)
  process.stdout.write(`${rows.at(-1)}\n`)
}
if (process.argv.includes('--write')) await writeResults()

/** The resident memory in MiB without streams, after a warm-up, and with all streams. */
async function measure(runtime: Runtime): Promise<{ before: number; after: number }> {
  const gateway = await openMeasured(runtime, { limits: LIMITS })
  gateway.upstream.choose = () => pacedStream(SECONDS, 1_000)
  const resident = () => residentMegabytes(membersOf(gateway.target.pid))
  try {
    const warm = start(gateway.port, 0, WARM_UP)
    await warm.started
    warm.stop()
    const before = resident()
    const streams = start(gateway.port, WARM_UP, STREAMS)
    await streams.started
    const after = resident()
    streams.stop()
    return { before, after }
  } finally {
    await gateway.stop()
  }
}

/** Starts streams, each on a connection of its own. `started` resolves when all have begun. */
function start(port: number, first: number, count: number) {
  const clients = Array.from({ length: count }, () => createClient(port))
  const begun = clients.map((client, at) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const request = chatRequest(port, { number: first + at, kind: 'slow' })
    const patience = 2 * SECONDS * 1_000
    client.ask(request, { patience, onFirstByte: resolve }).then(({ status, end }) => {
      reject(new Error(`A stream ended: ${status}, ${end}`))
    })
    return promise
  })
  return {
    started: Promise.all(begun),
    stop() {
      for (const client of clients) client.close()
    },
  }
}

async function writeResults(): Promise<void> {
  const text = [
    '# Memory of a stream',
    '',
    `Written by \`node bench/stream-memory.ts --write\` on ${
      new Date().toISOString().slice(0, 10)
    }: ` +
    `the resident memory of the gateway after ${WARM_UP}`,
    `streams that ended, and with ${STREAMS} streams of one word per second. Client and upstream are in another`,
    'process. There is no TLS.',
    '',
    '| runtime | streams | without, MiB | with, MiB | for each stream, KiB |',
    '| ------- | ------: | -----------: | --------: | -------------------: |',
    ...rows,
    '',
  ]
  await writeFile(new URL('STREAMS.md', import.meta.url), text.join('\n'))
}
