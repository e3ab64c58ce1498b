/** Measures the cost of the gateway on each runtime, compared with its lower bounds: a signature and a
 * raw pipe on the same runtime, in the same run.
 *
 *   npm run bench -- --runtimes node,bun,workers,deno --rounds 3 --seconds 0.6 --write
 *   npm run bench -- --scenarios relayed,relayed-steady --rounds 24
 *
 * Prints tables; `--write` also writes them to `bench/RESULTS.md`. Load, upstream and gateway share the
 * machine, so compare ratios within a round, and CPU time rather than speed.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { killServers, type Server, stopServers } from './processes.ts'
import { renderReport, renderResults } from './report.ts'
import { type Bench, type Round, runRound, warmUp } from './rounds.ts'
import { SCENARIOS } from './scenarios.ts'
import { type Runtime, RUNTIMES, startSubjects, type Subjects } from './subjects.ts'

const { values: options } = parseArgs({
  options: {
    runtimes: { type: 'string', default: RUNTIMES.join() },
    rounds: { type: 'string', default: '3' },
    scenarios: { type: 'string', default: SCENARIOS.map(({ name }) => name).join() },
    seconds: { type: 'string', default: '0.6' },
    write: { type: 'boolean', default: false },
  },
})
const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'))
const children: ChildProcess[] = []
process.once('exit', () => {
  killServers()
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
try {
  await main()
} finally {
  for (const child of children) child.disconnect()
  await stopServers()
}

async function main(): Promise<void> {
  const began = performance.now()
  const [load = NaN] = loadavg()
  const runtimes = RUNTIMES.filter((name) => options.runtimes.split(',').includes(name))
  const bench = await open(runtimes)
  await warmUp(bench)
  const rounds: Map<Runtime, Round>[] = []
  for (let number = 0; number < Number(options.rounds); number++) {
    tell(`round ${number + 1} of ${options.rounds}`)
    rounds.push(await runRound(bench, number % 2 === 1))
  }
  const run = { runtimes, rounds, seconds: Number(options.seconds), load }
  tell(`took ${Math.round((performance.now() - began) / 1000)} s\n`)
  process.stdout.write(renderReport(run))
  if (options.write) {
    await writeFile(new URL('RESULTS.md', import.meta.url), renderResults(run))
  }
}

async function open(runtimes: readonly Runtime[]): Promise<Bench> {
  const upstream = await startUpstream()
  const url = `http://127.0.0.1:${upstream.port}`
  const subjects = new Map<Runtime, Subjects>()
  for (const runtime of runtimes) {
    tell(`starting ${runtime}`)
    subjects.set(runtime, await startSubjects(runtime, url, folder))
  }
  const names = options.scenarios.split(',')
  const scenarios = SCENARIOS.filter(({ name }) => names.includes(name))
  const window = Number(options.seconds) * 1000
  const loads = [start('load.ts'), start('load.ts')]
  return { loads, upstream, subjects, scenarios, window }
}

function startUpstream(): Promise<Server> {
  const child = start('upstream.ts')
  return new Promise((resolve) =>
    child.once(
      'message',
      ({ port }: { port: number }) => resolve({ port, group: child.pid ?? 0 }),
    )
  )
}

function start(file: string): ChildProcess {
  const child = fork(new URL(file, import.meta.url))
  children.push(child)
  return child
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
