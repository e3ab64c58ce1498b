/**
 * Compares the gateway of this checkout with an earlier commit, by default on Node, in interleaved
 * rounds of one run. Fails if a request costs more than 15% more CPU time.
 */
import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { startLoad, startUpstream, tell, withProcesses } from './bench-processes.ts'
import { quantile } from './lines.ts'
import { ROOT, type Server } from './processes.ts'
import { runJob } from './rounds.ts'
import { type Scenario, type ScenarioName, SCENARIOS } from './scenarios.ts'
import { CLIENT_KEY, type Runtime, startOneGateway } from './subjects.ts'

export interface GateOptions {
  /** The commit to compare with. Default: the last commit, or the one before without changes. */
  base: string | undefined
  runtimes: readonly Runtime[]
  /** Default: one connection count of each kind of request. */
  scenarios: readonly ScenarioName[] | undefined
  rounds: number
  /** The duration of a window. */
  seconds: number
}

/** Maximum ratio of the CPU time of a request, new to old. */
const MAX_RATIO = 1.15

const NAMES: readonly ScenarioName[] = ['many', 'large', 'streams']

/** Resolves with whether no scenario has become more expensive. */
export async function runGate(options: GateOptions): Promise<boolean> {
  const { base, runtimes, scenarios: names = NAMES } = options
  const commit = base ?? (git('status', '--porcelain', '--', 'src') === '' ? 'HEAD~1' : 'HEAD')
  tell(`comparing with ${git('log', '-1', '--format=%h %s', commit)}`)
  return await withProcesses((folder) =>
    withWorktree(join(folder, 'base'), commit, async (checkout) => {
      const upstream = `http://127.0.0.1:${(await startUpstream()).port}`
      const load = startLoad()
      const isFast: boolean[] = []
      for (const runtime of runtimes) {
        const start = (name: string, checkout: string) =>
          startOneGateway(runtime, {
            upstream,
            checkout,
            folder: join(folder, `${runtime}-${name}`),
          })
        const [before, after] = [await start('before', checkout), await start('after', ROOT)]
        for (const scenario of SCENARIOS.filter(({ name }) => names.includes(name))) {
          isFast.push(await compare({ before, after, load, runtime }, scenario, options))
        }
      }
      return isFast.every(Boolean)
    })
  )
}

interface Compared {
  before: Server
  after: Server
  load: ReturnType<typeof startLoad>
  runtime: Runtime
}

async function compare(
  { before, after, load, runtime }: Compared,
  scenario: Scenario,
  { rounds, seconds }: Pick<GateOptions, 'rounds' | 'seconds'>,
): Promise<boolean> {
  const window = seconds * 1000
  const measure = (server: Server, duration: number) => cpuOf(server, load, scenario, duration)
  // Warms up both.
  for (const server of [before, after, before, after]) await measure(server, window)
  const [ratios, olds, news]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [before, after] : [after, before]
    const cpus = new Map<Server, number>()
    for (const server of order) cpus.set(server, await measure(server, window))
    const [old = NaN, own = NaN] = [cpus.get(before), cpus.get(after)]
    ratios.push(own / old)
    olds.push(old)
    news.push(own)
  }
  const ratio = quantile(ratios, 0.5)
  const range = `${quantile(ratios, 0).toFixed(2)}–${quantile(ratios, 1).toFixed(2)}`
  const isFast = ratio <= MAX_RATIO
  process.stdout.write(
    `${isFast ? 'ok  ' : 'SLOW'} ${runtime}: ${scenario.title}: CPU of each ` +
      `${quantile(olds, 0.5).toFixed()} -> ${quantile(news, 0.5).toFixed()} us, ` +
      `${ratio.toFixed(2)} [${range}], at most ${MAX_RATIO}\n`,
  )
  return isFast
}

/** Microseconds of CPU time for each request. */
async function cpuOf(
  { port, group }: Server,
  load: Compared['load'],
  { job }: Scenario,
  window: number,
): Promise<number> {
  const { cpu, requests, errors } = await runJob(load, {
    ...job,
    ...{ port, group, dialect: 'openai', path: '/v1/chat/completions' },
    headers: { authorization: `Bearer ${CLIENT_KEY}` },
    ...{ warmUp: 250, window },
  })
  const failures = Object.entries(errors).map(([what, count]) => `${what}, ${count} times`)
  if (failures.length > 0) throw new Error(`Requests failed: ${failures.join('; ')}`)
  if (cpu === undefined) throw new Error('Cannot measure CPU time: this system has no /proc')
  return cpu / requests
}

/** Checks a commit out beside this checkout, with its dependencies, and removes it afterwards. */
async function withWorktree<T>(
  folder: string,
  commit: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  // An interrupted run leaves its entry behind.
  git('worktree', 'prune')
  git('worktree', 'add', '--detach', folder, commit)
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    return await work(folder)
  } finally {
    git('worktree', 'remove', '--force', folder)
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
    .trim()
}
