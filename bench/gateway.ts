/** Measures the cost of the gateway on each runtime, compared with its lower bounds, a signature and a
 * raw pipe on the same runtime, and with Portkey, another gateway, in the same rounds.
 *
 *   npm run bench                        about 20 minutes; writes bench/RESULTS.md,
 *                                        bench/history.jsonl and the figures of README.md
 *   npm run bench -- --short             one short round, only printed
 *   npm run bench -- --scenarios relayed,relayed-steady --runtimes bun --rounds 24
 *   npm run bench -- --gate              this checkout against the previous commit, see `gate.ts`
 *   npm run bench -- --gate --runtimes bun,deno --scenarios large,burst --base main
 *
 * A run of all runtimes and scenarios writes its results. Portkey is installed from npm into a temporary
 * folder; `--no-peer` leaves it out, and such a run writes nothing. Load, upstream and gateways share the
 * machine, so compare ratios within a round, and CPU time rather than speed.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { createDemoIdentity } from '../src/simulator/identity.ts'
import { withSection } from '../tools/generated-section.ts'
import { startLoad, startUpstream, tell, withProcesses } from './bench-processes.ts'
import { endServers } from './processes.ts'
import { runGate } from './gate.ts'
import { historyLine } from './history.ts'
import { installPortkey, startPortkey } from './portkey.ts'
import { renderPerformance } from './readme.ts'
import { type BenchRun, renderReport, renderResults } from './report.ts'
import { type Bench, type Round, runRound, warmUp } from './rounds.ts'
import { type ScenarioName, SCENARIOS } from './scenarios.ts'
import { type Runtime, RUNTIMES, startSubjects } from './subjects.ts'

const ALL_SCENARIOS = SCENARIOS.map(({ name }) => name).join()
const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    runtimes: { type: 'string' },
    rounds: { type: 'string' },
    scenarios: { type: 'string' },
    seconds: { type: 'string' },
    peer: { type: 'boolean', default: true },
    short: { type: 'boolean', default: false },
    gate: { type: 'boolean', default: false },
    base: { type: 'string' },
  },
})
const rounds = Number(options.rounds ?? (options.short ? 1 : 5))
const seconds = Number(options.seconds ?? (options.short ? 0.3 : 1))

if (options.gate) {
  const isFaster = await runGate({
    base: options.base,
    runtimes: runtimesOf('node'),
    scenarios: options.scenarios === undefined ? undefined : scenariosOf(),
    rounds: Math.max(rounds, 3),
    seconds,
  })
  process.exitCode = isFaster ? 0 : 1
} else {
  await withProcesses(main)
}

async function main(folder: string): Promise<void> {
  const began = performance.now()
  const [load = NaN] = loadavg()
  const parts = await open(folder)
  const runtimes = runtimesOf(RUNTIMES.join())
  const measured = Array.from({ length: rounds }, () => new Map<Runtime, Round>())
  for (const runtime of runtimes) await measure(runtime, { ...parts, folder }, measured)
  const run = { runtimes, rounds: measured, seconds, load }
  tell(`took ${Math.round((performance.now() - began) / 1000)} s\n`)
  process.stdout.write(renderReport(run))
  if (isComplete()) await write(run)
}

/**
 * Measures the servers of one runtime, and adds the results to those of each round. They run alone:
 * without idle servers of other runtimes, the ratio of Deno to its lower bounds is a tenth lower.
 */
async function measure(
  runtime: Runtime,
  { folder, portkey, ...parts }: Parts & { folder: string },
  measured: readonly Map<Runtime, Round>[],
): Promise<void> {
  tell(`starting ${runtime}`)
  const url = `http://127.0.0.1:${parts.upstream.port}`
  const subjects = await startSubjects(runtime, url, folder)
  // As new as the gateway, so that both are equally warm.
  const peer = portkey === undefined
    ? undefined
    : await startPortkey(portkey, url, await createDemoIdentity())
  const bench = { ...parts, peer, subjects: new Map([[runtime, subjects]]) }
  tell('warming up')
  await warmUp(bench)
  for (const [number, round] of measured.entries()) {
    tell(`round ${number + 1} of ${measured.length}`)
    const result = await runRound(bench, number % 2 === 1)
    for (const [name, one] of result) round.set(name, one)
  }
  await endServers([...Object.values(subjects), ...peer ? [peer.server] : []])
}

function runtimesOf(otherwise: string): readonly Runtime[] {
  const names = (options.runtimes ?? otherwise).split(',')
  return RUNTIMES.filter((name) => names.includes(name))
}

function scenariosOf(): readonly ScenarioName[] {
  const names = (options.scenarios ?? ALL_SCENARIOS).split(',')
  return SCENARIOS.map(({ name }) => name).filter((name) => names.includes(name))
}

/** Whether the run has every figure of the results, measured long enough. */
function isComplete(): boolean {
  return !options.short && options.peer && scenariosOf().join() === ALL_SCENARIOS &&
    runtimesOf(RUNTIMES.join()).length === RUNTIMES.length
}

async function write(run: BenchRun): Promise<void> {
  await writeFile(new URL('RESULTS.md', import.meta.url), renderResults(run))
  await appendFile(new URL('history.jsonl', import.meta.url), historyLine(run))
  const readme = new URL('../README.md', import.meta.url)
  const page = withSection(
    await readFile(readme, 'utf8'),
    'performance',
    renderPerformance(run),
    'npm run bench',
  )
  await writeFile(readme, page)
}

/** What is measured with the servers of each runtime. */
interface Parts extends Omit<Bench, 'subjects' | 'peer'> {
  /** The folder of Portkey, if it is measured. */
  portkey: string | undefined
}

async function open(folder: string): Promise<Parts> {
  const upstream = await startUpstream()
  const names = scenariosOf()
  const scenarios = SCENARIOS.filter(({ name }) => names.includes(name))
  const usesPeer = options.peer && scenarios.some(({ hasPeer }) => hasPeer)
  if (usesPeer) tell('installing Portkey')
  const portkey = usesPeer ? await installPortkey(folder) : undefined
  const loads = [startLoad(), startLoad()]
  return { loads, upstream, portkey, scenarios, window: seconds * 1000 }
}
