import type { ChildProcess } from 'node:child_process'
import type { Job, Outcome } from './job.ts'
import type { Server } from './processes.ts'
import { type Scenario, type ScenarioName, SCENARIOS } from './scenarios.ts'
import { measureSigning, type Signing } from './signing.ts'
import { CLIENT_KEY, type Runtime, type Subjects } from './subjects.ts'

/** Everything one runtime did in one round. */
export interface Round {
  signing: { one: Signing; many: Signing }
  cells: ReadonlyMap<string, Outcome>
}

export type Subject = 'gateway' | 'pipe' | 'direct'

/** The key of a cell. */
export function cellOf(scenario: ScenarioName, subject: Subject): string {
  return `${scenario}/${subject}`
}

export interface Bench {
  load: ChildProcess
  upstream: Server
  subjects: ReadonlyMap<Runtime, Subjects>
  /** Milliseconds of a window. */
  window: number
}

/** How many signatures are under way when the limit of a runtime is sought. */
const SIGNING_LANES = 64

/**
 * One round over all runtimes: scenario by scenario, so that what is compared is measured within
 * seconds. `backwards` turns the whole order round.
 */
export async function runRound(bench: Bench, backwards: boolean): Promise<Map<Runtime, Round>> {
  const turned = <T>(list: readonly T[]) => backwards ? list.toReversed() : list
  const runtimes = turned([...bench.subjects])
  const signing = new Map<Runtime, Round['signing']>()
  const cells = new Map<Runtime, Map<string, Outcome>>(runtimes.map(([name]) => [name, new Map()]))
  for (const scenario of turned(SCENARIOS)) {
    const direct = scenario.direct ? await runCell(bench, scenario, 'direct') : undefined
    for (const [runtime, subjects] of runtimes) {
      const cellsHere = cells.get(runtime)
      if (direct) cellsHere?.set(cellOf(scenario.name, 'direct'), direct)
      if (scenario.name === 'many') signing.set(runtime, await signs(bench, subjects))
      for (const subject of turned(['pipe', 'gateway'] as const)) {
        const outcome = await runCell(bench, scenario, subject, subjects)
        cellsHere?.set(cellOf(scenario.name, subject), outcome)
      }
    }
  }
  return new Map(runtimes.map(([runtime]) => [
    runtime,
    // Every runtime signed when it was its turn in the scenario of many connections.
    { signing: signing.get(runtime)!, cells: cells.get(runtime)! },
  ]))
}

/** Lets the compilers of gateways and pipes see everything once; nothing of it is kept. */
export async function warmUp(bench: Bench): Promise<void> {
  const scenarios = SCENARIOS.filter(({ name }) => name === 'many' || name === 'burst')
  for (const subjects of bench.subjects.values()) {
    for (const scenario of scenarios) {
      for (const subject of ['pipe', 'gateway'] as const) {
        await runCell({ ...bench, window: 500 }, scenario, subject, subjects)
      }
    }
  }
}

async function signs({ window }: Bench, { sign }: Subjects): Promise<Round['signing']> {
  return {
    one: await measureSigning(sign, 1, window / 2),
    many: await measureSigning(sign, SIGNING_LANES, window / 2),
  }
}

function runCell(
  { load, upstream, window }: Bench,
  scenario: Scenario,
  subject: Subject,
  subjects?: Subjects,
): Promise<Outcome> {
  const server = subject === 'direct' || !subjects ? upstream : subjects[subject]
  return runJob(load, {
    ...scenario.job,
    ...addressOf(subject, upstream, scenario),
    port: server.port,
    group: server.group,
    warmUp: WARM_UP,
    window: window * scenario.stretch,
  })
}

/** Milliseconds of load before a window. */
const WARM_UP = 250
const OCI_PATH = '/20231130/actions/chat'
const OPENAI_PATH = '/openai/v1/chat/completions'

function addressOf(
  subject: Subject,
  upstream: Server,
  { relayed = false }: Scenario,
): Pick<Job, 'path' | 'headers' | 'dialect'> {
  const path = relayed ? OPENAI_PATH : OCI_PATH
  const dialect = relayed ? 'openai' : 'oci'
  switch (subject) {
    case 'gateway':
      return {
        dialect: 'openai',
        path: '/v1/chat/completions',
        headers: { authorization: `Bearer ${CLIENT_KEY}` },
      }
    case 'pipe':
      return {
        dialect,
        path,
        headers: {
          'x-upstream': `http://127.0.0.1:${upstream.port}${path}`,
          ...(relayed && { 'x-by-hand': '1' }),
        },
      }
    case 'direct':
      return { dialect, path, headers: {} }
  }
}

function runJob(load: ChildProcess, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const over = (code: number | null) => reject(new Error(`Cannot go on: load ended with ${code}`))
    load.once('exit', over)
    load.once('message', (outcome: Outcome) => {
      load.off('exit', over)
      resolve(outcome)
    })
    load.send(job)
  })
}
