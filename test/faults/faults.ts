/**
 * Tries every fault on the gateway as it is started on each runtime, against an upstream that
 * follows a script. The last line it prints is `N passed, N failed, …`.
 *
 *   npm run faults                         all rows on all runtimes
 *   npm run faults -- bun deno F-U1 F-C1a  only these runtimes, only rows that begin with these
 *   npm run faults -- --write              also writes the table into docs/reliability.md
 *   npm run faults -- --times              also prints the slowest rows
 */
import process from 'node:process'
import type { Runtime } from '../runtimes/start.ts'
import { killGateways } from './gateways.ts'
import { ROWS } from './rows/all.ts'
import { tryRuntime } from './schedule.ts'
import { type Column, writeTable } from './table.ts'
import type { Outcome } from './try-row.ts'

const RUNTIMES: readonly Runtime[] = ['node', 'bun', 'deno', 'workers']

process.once('exit', killGateways)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const chosen = RUNTIMES.filter((runtime) => words.includes(runtime))
const prefixes = words.filter((word) => !RUNTIMES.some((runtime) => runtime === word))
const rows = ROWS.filter(({ id }) =>
  prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix))
)

const began = performance.now()
const columns = await Promise.all(
  (chosen.length > 0 ? chosen : RUNTIMES).map(async (runtime): Promise<Column> => {
    const results = await tryRuntime(runtime, rows, (row, { outcome }) => {
      if (outcome.type !== 'failed') return
      print([`${runtime} ${row.id} ${row.title}`, ...outcome.problems].join('\n  '))
    })
    print(`${runtime}: ${results.size} rows in ${Math.round(performance.now() - began)} ms`)
    if (process.argv.includes('--times')) print(slowest(results))
    return [runtime, new Map([...results].map(([id, { outcome }]) => [id, outcome]))]
  }),
)
if (process.argv.includes('--write')) await writeTable(rows, columns)
const all = columns.flatMap(([, outcomes]) => [...outcomes.values()])
const count = (type: Outcome['type']) => all.filter((outcome) => outcome.type === type).length
const types = ['passed', 'failed', 'pending', 'untestable'] as const
print(types.map((type) => `${count(type)} ${type}`).join(', '))
process.exit(count('failed') === 0 ? 0 : 1)

function slowest(results: Awaited<ReturnType<typeof tryRuntime>>): string {
  const all = [...results].toSorted(([, one], [, other]) => other.ms - one.ms).slice(0, 30)
  return all.map(([id, { began, ms }]) => `${id} ${Math.round(ms)} (at ${Math.round(began)})`)
    .join(', ')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
