import type { ChildProcess } from 'node:child_process'
import type { Job, Outcome } from './job.ts'
import type { Peer } from './portkey.ts'
import type { Server } from './processes.ts'
import { type Scenario, type ScenarioName, SCENARIOS, type Subject } from './scenarios.ts'
import { measureSigning, type Signing } from './signing.ts'
import { CLIENT_KEY, type Runtime, type Subjects } from './subjects.ts'

/** All measurements of one runtime in one round. */
export interface Round {
  signing: { one: Signing; many: Signing }
  cells: ReadonlyMap<string, Outcome>
}

/** The key of a measurement. */
export function cellOf(scenario: ScenarioName, subject: Subject): string {
  return `${scenario}/${subject}`
}

export interface Bench {
  /** Load generators, one for each subject that is measured concurrently. */
  loads: readonly ChildProcess[]
  upstream: Server
  subjects: ReadonlyMap<Runtime, Subjects>
  /** `undefined` if no other gateway is measured. */
  peer: Peer | undefined
  scenarios: readonly Scenario[]
  /** The duration of a window in milliseconds. */
  window: number
}

/** Concurrent signatures in the measurement of a runtime's maximum rate. */
const SIGNING_LANES = 64

/**
 * Runs one round of the servers that run, scenario by scenario, so that compared values are measured
 * within seconds of each other. `backwards` reverses the order.
 */
export async function runRound(bench: Bench, backwards: boolean): Promise<Map<Runtime, Round>> {
  const turned = <T>(list: readonly T[]) => backwards ? list.toReversed() : list
  const runtimes = turned([...bench.subjects])
  const signing = new Map<Runtime, Round['signing']>()
  const signed = bench.scenarios.find(({ name }) => name === 'many') ?? bench.scenarios[0]
  const cells = new Map<Runtime, [string, Outcome][]>()
  for (const scenario of turned(bench.scenarios)) {
    const peer = await runPeer(bench, scenario)
    for (const [runtime, subjects] of runtimes) {
      if (scenario === signed) signing.set(runtime, await signs(bench, subjects))
      const outcomes = await runCells(bench, scenario, turned(scenario.subjects), subjects)
      cells.set(runtime, [...cells.get(runtime) ?? [], ...peer, ...outcomes])
    }
  }
  return new Map(runtimes.map(([runtime]) => [
    runtime,
    // The signatures of every runtime were measured during one of the scenarios.
    { signing: signing.get(runtime)!, cells: new Map(cells.get(runtime)) },
  ]))
}

/** The scenarios that together run all code of a gateway and a pipe. */
const WARM_UPS: readonly ScenarioName[] = ['many', 'large', 'burst', 'paced', 'relayed']

/** Windows for which each server is warmed up with each scenario. */
const WARM_UP_WINDOWS = 4

/**
 * Warms up all servers with the same load; the results are discarded. A server runs for days, and its
 * compilers need thousands of requests (see PROFILES.md).
 */
export async function warmUp(bench: Bench): Promise<void> {
  const scenarios = SCENARIOS.filter(({ name }) => WARM_UPS.includes(name))
  const longer = { ...bench, window: WARM_UP_WINDOWS * bench.window }
  for (const subjects of bench.subjects.values()) {
    for (const scenario of scenarios) {
      await runCells(longer, { ...scenario, stretch: 1 }, scenario.subjects, subjects)
    }
  }
  for (const scenario of bench.scenarios) await runPeer(longer, { ...scenario, stretch: 1 })
}

/** Measures Portkey. Its outcome is a cell of every runtime. */
async function runPeer(bench: Bench, scenario: Scenario): Promise<[cell: string, Outcome][]> {
  const [load] = bench.loads
  const { peer } = bench
  if (!scenario.hasPeer || !peer || !load) return []
  const outcome = await runJob(load, {
    ...scenario.job,
    ...{ dialect: 'portkey', path: '/v1/chat/completions', headers: peer.headers },
    ...{ port: peer.server.port, group: peer.server.group },
    ...{ warmUp: scenario.warmUp, window: bench.window * scenario.stretch },
  })
  return [[cellOf(scenario.name, 'portkey'), outcome]]
}

async function signs({ window }: Bench, { sign }: Subjects): Promise<Round['signing']> {
  return {
    one: await measureSigning(sign, 1, window / 2),
    many: await measureSigning(sign, SIGNING_LANES, window / 2),
  }
}

/** Measures the subjects in sequence, or concurrently with a separate load generator for each. */
async function runCells(
  bench: Bench,
  scenario: Scenario,
  asked: readonly Subject[],
  subjects: Subjects,
): Promise<[cell: string, outcome: Outcome][]> {
  const run = async (subject: Subject, lane = 0): Promise<[string, Outcome]> => {
    const load = bench.loads[lane]
    if (!load) throw new Error('Cannot measure so many subjects concurrently')
    const outcome = await runCell({ ...bench, load }, scenario, subject, subjects)
    return [cellOf(scenario.name, subject), outcome]
  }
  if (scenario.steady) {
    return await Promise.all(asked.map(run))
  }
  const outcomes = []
  for (const subject of asked) outcomes.push(await run(subject))
  return outcomes
}

function runCell(
  { load, upstream, window }: Bench & { load: ChildProcess },
  scenario: Scenario,
  subject: Subject,
  subjects: Subjects,
): Promise<Outcome> {
  const { port, group } = serverOf(subject, subjects, upstream)
  const times = { warmUp: scenario.warmUp, window: window * scenario.stretch }
  return runJob(load, {
    ...scenario.job,
    ...(scenario.steady && outlasting(times, scenario)),
    ...requestOf(subject, scenario, upstream),
    port,
    group,
    ...times,
  })
}

/** Milliseconds by which streams outlast their window. */
const MARGIN = 500

/** Streams that last longer than the measurement. */
function outlasting(
  { warmUp, window }: Pick<Job, 'warmUp' | 'window'>,
  { job: { model } }: Scenario,
): Pick<Job, 'model' | 'chunks'> {
  const delay = Number(/-d(\d+)/.exec(model)?.[1] ?? NaN)
  const chunks = Math.ceil((warmUp + window + MARGIN) / delay)
  return { chunks, model: `${model}-c${chunks}` }
}

function serverOf(subject: Subject, { gateway, pipe }: Subjects, upstream: Server): Server {
  switch (subject) {
    case 'gateway':
      return gateway
    case 'pipe':
    case 'javascript':
      return pipe
    case 'direct':
    case 'portkey':
      return upstream
  }
}

function requestOf(
  subject: Subject,
  { relayed }: Scenario,
  upstream: Server,
): Pick<Job, 'path' | 'headers' | 'dialect'> {
  if (subject === 'gateway') {
    const headers = { authorization: `Bearer ${CLIENT_KEY}` }
    return { dialect: 'openai', path: '/v1/chat/completions', headers }
  }
  const path = relayed ? '/openai/v1/chat/completions' : '/20231130/actions/chat'
  return {
    dialect: relayed ? 'openai' : 'oci',
    path,
    headers: {
      'x-upstream': `http://127.0.0.1:${upstream.port}${path}`,
      ...(subject === 'javascript' && { 'x-javascript': '1' }),
    },
  }
}

/** Runs a job in a load generator. */
export function runJob(load: ChildProcess, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const over = (code: number | null) => reject(new Error(`The load generator ended with ${code}`))
    load.once('exit', over)
    load.once('message', (outcome: Outcome) => {
      load.off('exit', over)
      resolve(outcome)
    })
    load.send(job)
  })
}
