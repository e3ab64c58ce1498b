/**
 * Tries every fault on the gateway as it is started on each runtime, against an upstream that does
 * what it is told. The last line it prints is `N passed, N failed, …`.
 *
 *   npm run faults                     all of it
 *   npm run faults -- bun deno U1 C1a  only these runtimes, only rows that begin so
 *   npm run faults -- --write          and writes the table into docs/reliability.md
 */
import process from 'node:process'
import type { Runtime } from '../runtimes/start.ts'
import { type Outcome, tryRow, tryStart } from './cell.ts'
import { type Gateway, killGateways, openFaultGateway, type SetupName } from './gateways.ts'
import type { Row } from './row.ts'
import { ROWS } from './rows/all.ts'
import { type Column, writeTable } from './table.ts'

const RUNTIMES: readonly Runtime[] = ['node', 'bun', 'deno', 'workers']
/** Rows side by side: most of them wait. */
const LANES = 8

process.once('exit', killGateways)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const runtimes = RUNTIMES.filter((runtime) => words.includes(runtime))
const prefixes = words.filter((word) => !RUNTIMES.some((runtime) => runtime === word))
const rows = ROWS.filter(({ id }) =>
  prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix))
)

const tally: Record<Outcome['type'], number> = { passed: 0, failed: 0, pending: 0, untestable: 0 }
const columns: Column[] = []
for (const runtime of runtimes.length > 0 ? runtimes : RUNTIMES) {
  const began = performance.now()
  const outcomes = await tryAll(runtime)
  for (const { type } of outcomes.values()) tally[type]++
  columns.push([runtime, outcomes])
  print(`${runtime}: ${outcomes.size} rows in ${Math.round(performance.now() - began)} ms`)
}
if (process.argv.includes('--write')) await writeTable(rows, columns)
const { passed, failed, pending, untestable } = tally
print(`${passed} passed, ${failed} failed, ${pending} pending, ${untestable} untestable`)
process.exit(failed === 0 ? 0 : 1)

async function tryAll(runtime: Runtime): Promise<Map<string, Outcome>> {
  const gateways = new Map<SetupName, Promise<Gateway>>()
  const open = (name: SetupName) => {
    const gateway = gateways.get(name) ?? openFaultGateway(runtime, name)
    gateways.set(name, gateway)
    return gateway
  }
  const outcomes = new Map<string, Outcome>()
  const attempt = async (row: Row) => {
    const outcome = await tryCell(row, runtime, open)
    outcomes.set(row.id, outcome)
    if (outcome.type === 'failed') print(`${runtime} ${row.id} ${row.title}`)
    for (const problem of outcome.type === 'failed' ? outcome.problems : []) print(`  ${problem}`)
  }
  const waiting = rows.filter(({ waits }) => waits).map(attempt)
  const queue = rows.filter(({ alone, waits }) => !alone && !waits)
  const lane = async () => {
    for (let row = queue.shift(); row; row = queue.shift()) await attempt(row)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  for (const row of rows.filter(({ alone }) => alone)) await attempt(row)
  await Promise.all(waiting)
  for (const gateway of gateways.values()) await (await gateway).target.stop()
  return outcomes
}

async function tryCell(
  row: Row,
  runtime: Runtime,
  open: (name: SetupName) => Promise<Gateway>,
): Promise<Outcome> {
  const untestable = row.skip?.[runtime]
  if (untestable !== undefined) return { type: 'untestable', reason: untestable }
  const problems = await tryOn(row, runtime, open).catch((error: unknown) => [String(error)])
  if (problems.length === 0) return { type: 'passed' }
  const reason = typeof row.pending === 'object' ? row.pending[runtime] : row.pending
  return reason === undefined ? { type: 'failed', problems } : { type: 'pending', reason }
}

async function tryOn(
  row: Row,
  runtime: Runtime,
  open: (name: SetupName) => Promise<Gateway>,
): Promise<readonly string[]> {
  const { gateway = 'plain', starts, fresh = false } = row
  if (starts) return await tryStart(starts, runtime)
  if (!fresh) return await tryRow(row, await open(gateway))
  const own = await openFaultGateway(runtime, gateway)
  try {
    return await tryRow(row, own)
  } finally {
    await own.target.stop()
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
