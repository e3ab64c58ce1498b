/** Runs real clients, as users install them, against the gateway on the simulator. The last line of
 * output is `N passed, N failed`.
 *
 *   npm run test:clients                          all of them
 *   npm run test:clients -- openclaw openai       only these
 *   npm run test:clients -- openai --only embed   only checks whose name contains this
 *   npm run test:clients -- --write               and stores the result for the README
 *   npm run test:clients -- --clean               removes the installed packages
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { isActivityOf } from '../../src/cli/connect/wait-for-client.ts'
import type { Activity } from '../../src/telemetry/client-activity.ts'
import { runCheck } from './check.ts'
import type { Client } from './client.ts'
import { install, removeInstalled, versionOf } from './install.ts'
import { keepResults, type Result } from './last-run.ts'
import { openStage, type Stage } from './stage.ts'
import { CLIENTS } from './table.ts'

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
    clean: { type: 'boolean', default: false },
  },
})
const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interruption.abort(new Error(`Interrupted by ${name}`)))
}

process.exitCode = flags.clean ? await clean() : await runAll()

async function clean(): Promise<number> {
  await removeInstalled()
  return 0
}

async function runAll(): Promise<number> {
  const unknown = names.find((name) => !CLIENTS.some((client) => client.definition.name === name))
  if (unknown !== undefined) {
    print(
      `Unknown client "${unknown}". Clients: ${
        CLIENTS.map(({ definition }) => definition.name).join(', ')
      }`,
    )
    return 1
  }
  const results: Result[] = []
  for (const client of CLIENTS.filter(isSelected)) {
    if (!interruption.signal.aborted) results.push(await runClient(client))
  }
  const isWhole = flags.only === '' && !interruption.signal.aborted
  if (flags.write && isWhole) await keepResults(results)
  const failed = sum(results.map((result) => result.failed))
  print(`${sum(results.map(({ passed }) => passed))} passed, ${failed} failed`)
  return failed > 0 || interruption.signal.aborted ? 1 : 0
}

function isSelected({ definition }: Client): boolean {
  return names.length === 0 || names.includes(definition.name)
}

async function runClient(client: Client): Promise<Result> {
  const version = versionOf(client)
  const outcomes = await runChecks(client).catch((thrown: unknown) => {
    print(
      `${client.definition.name}: FAILED\n${
        thrown instanceof Error ? thrown.message : String(thrown)
      }`,
    )
    return [false]
  })
  const passed = outcomes.filter(Boolean).length
  const date = new Date().toISOString().slice(0, 10)
  return { client: client.definition.name, version, passed, failed: outcomes.length - passed, date }
}

async function runChecks(client: Client): Promise<readonly boolean[]> {
  const { signal } = interruption
  const installed = await install(client, signal)
  const stage = await openStage(client)
  const outcomes: boolean[] = []
  try {
    for (const check of client.checks.filter(({ name }) => name.includes(flags.only))) {
      if (signal.aborted) break
      const began = performance.now()
      const problem = await runCheck(check, { client, installed, stage, signal })
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      outcomes.push(problem === undefined)
      const outcome = problem === undefined ? 'ok' : `FAILED, ${problem}`
      print(`${client.definition.name} ${check.name}: ${outcome} (${seconds} s)`)
    }
    if (flags.only === '' && !signal.aborted) outcomes.push(await checkRecognition(client, stage))
  } finally {
    await stage.stop()
  }
  return outcomes
}

/** Whether `connect` recognizes the client by its requests, which the gateway has recorded. */
async function checkRecognition({ definition }: Client, { connection }: Stage): Promise<boolean> {
  const headers = { authorization: `Bearer ${connection.key}` }
  const response = await fetch(`${connection.url}/readyz?verbose`, { headers })
  const { clients }: { clients: readonly Activity[] } = JSON.parse(await response.text())
  const own = clients.filter((activity) => isActivityOf(definition, activity))
  const isRecognized = own.some(({ succeeded }) => succeeded > 0)
  const seen = clients.map(({ agent, endpoint }) => `${agent} ${endpoint}`).join(', ')
  const outcome = isRecognized ? 'ok' : 'FAILED'
  print(`${definition.name} is recognized by connect: ${outcome} (${seen})`)
  return isRecognized
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
