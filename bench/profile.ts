/**
 * Profiles the gateway under load and prints where its main thread spends its time:
 *
 *   node bench/profile.ts deno large
 *
 * Times are wall-clock samples of the main thread without idle time; threads that sign are not part of
 * them. On Deno, time in which the thread waits for a signature is counted as `sign`.
 */
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { startLoad, startUpstream, withProcesses } from './bench-processes.ts'
import { openInspector } from './inspector.ts'
import { type CpuProfile, renderProfile } from './profile-report.ts'
import { freePort, type Server } from './processes.ts'
import { runJob } from './rounds.ts'
import { type Scenario, SCENARIOS } from './scenarios.ts'
import { CLIENT_KEY, type Runtime, RUNTIMES, startOneGateway } from './subjects.ts'

/** Milliseconds of load before and during the profile. */
const WARM_UP = 3_000
const WINDOW = 4_000

const [name = 'node', scenarioName = 'large'] = process.argv.slice(2)
const runtime = RUNTIMES.find((known) => known === name)
const scenario = SCENARIOS.find((known) => known.name === scenarioName)
if (!runtime || !scenario) throw new Error(`Cannot profile "${name} ${scenarioName}"`)
await withProcesses(async (folder) => {
  const upstream = `http://127.0.0.1:${(await startUpstream()).port}`
  const ask = loadOf(scenario)
  const profile = runtime === 'bun'
    ? await profileBun(upstream, folder, ask)
    : await profileWithInspector(runtime, upstream, folder, ask)
  process.stdout.write(renderProfile(profile))
})

type Ask = (server: Server, window: number) => Promise<unknown>

function loadOf({ job }: Scenario): Ask {
  const load = startLoad()
  return async ({ port, group }, window) => {
    const { requests, cpu = NaN, errors } = await runJob(load, {
      ...job,
      ...{ port, group, dialect: 'openai', path: '/v1/chat/completions' },
      headers: { authorization: `Bearer ${CLIENT_KEY}` },
      ...{ warmUp: 250, window },
    })
    process.stdout.write(
      `${requests} requests, ${Math.round(cpu / requests)} us of CPU each, ` +
        `${Object.keys(errors).length} errors\n`,
    )
  }
}

async function profileWithInspector(
  runtime: Runtime,
  upstream: string,
  folder: string,
  ask: Ask,
): Promise<CpuProfile> {
  const port = await freePort()
  const flag = runtime === 'workers' ? '--inspector-addr' : '--inspect'
  const server = await startOneGateway(runtime, {
    ...{ upstream, folder, flags: [`${flag}=127.0.0.1:${port}`] },
  })
  await ask(server, WARM_UP)
  const inspector = await openInspector(port)
  await inspector.call('Profiler.enable')
  await inspector.call('Profiler.setSamplingInterval', { interval: 200 })
  await inspector.call('Profiler.start')
  await ask(server, WINDOW)
  const { profile } = await inspector.call('Profiler.stop') as { profile: CpuProfile }
  inspector.close()
  return profile
}

/** Bun's inspector speaks another protocol; its profile covers the whole run. */
async function profileBun(upstream: string, folder: string, ask: Ask): Promise<CpuProfile> {
  const target = await mkdtemp(join(folder, 'profile-'))
  const server = await startOneGateway('bun', {
    ...{ upstream, folder, flags: ['--cpu-prof', `--cpu-prof-dir=${target}`] },
  })
  await ask(server, WARM_UP + WINDOW)
  process.kill(-server.group, 'SIGINT')
  for (let attempt = 0; attempt < 300; attempt++) {
    await setTimeout(100)
    const [file] = await readdir(target)
    const text = file === undefined ? '' : await readFile(join(target, file), 'utf8')
    if (text.endsWith('}')) return JSON.parse(text)
  }
  throw new Error('Cannot read the profile of Bun')
}
