/**
 * Tries every fault on the gateway as it is started on each runtime, against an upstream that
 * follows a script. The last line of its output is `N passed, N failed, …`.
 *
 *   npm run faults                         all rows on all runtimes
 *   npm run faults -- bun deno F-U1 F-C1a  only these runtimes, only rows that begin with these
 *   npm run faults -- --write              also writes the table into docs/reliability.md
 *   npm run faults -- --times              also prints the slowest rows
 */
import { fork } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { isRuntime, type Runtime, RUNTIMES } from '../runtimes/start.ts'
import type { Row } from './row.ts'
import { rowsOf } from './rows/all.ts'
import type { Message } from './run-runtime.ts'
import type { Result } from './schedule.ts'
import { type Column, writeTable } from './table.ts'
import type { Outcome } from './try-row.ts'

const PROGRAM = fileURLToPath(new URL('run-runtime.ts', import.meta.url))

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const chosen = words.filter(isRuntime)
const prefixes = words.filter((word) => !isRuntime(word))
const rows = rowsOf(prefixes)

/** The runtimes with a heavy row: the first one runs it, the others wait. */
const turns: { grant(): void }[] = []

const columns = await Promise.all((chosen.length > 0 ? chosen : RUNTIMES).map(runOn))
if (process.argv.includes('--write')) await writeTable(rows, columns)
const all = columns.flatMap(([, outcomes]) => [...outcomes.values()])
const count = (type: Outcome['type']) => all.filter((outcome) => outcome.type === type).length
const types = ['passed', 'failed', 'pending', 'untestable'] as const
print(types.map((type) => `${count(type)} ${type}`).join(', '))
process.exit(count('failed') === 0 ? 0 : 1)

/** Each runtime has a process of its own, so that none waits for the clients of another. */
async function runOn(runtime: Runtime): Promise<Column> {
  const began = performance.now()
  const results = new Map<string, Result>()
  const child = fork(PROGRAM, [runtime, ...prefixes])
  const turn = { grant: () => child.send('granted') }
  child.on('message', (message: Message) => {
    switch (message.type) {
      case 'acquire':
        if (turns.push(turn) === 1) turn.grant()
        return
      case 'release':
        turns.shift()
        turns[0]?.grant()
        return
      case 'result':
        results.set(message.id, message.result)
        reportFailure(runtime, message)
    }
  })
  await new Promise((resolve) => child.once('close', resolve))
  print(`${runtime}: ${results.size} rows in ${Math.round(performance.now() - began)} ms`)
  if (process.argv.includes('--times')) print(slowest(results))
  return [runtime, new Map(rows.map((row) => [row.id, outcomeOf(row, results)]))]
}

function reportFailure(
  runtime: Runtime,
  { id, result: { outcome } }: Extract<Message, { type: 'result' }>,
): void {
  if (outcome.type !== 'failed') return
  const title = rows.find((row) => row.id === id)?.title
  print([`${runtime} ${id} ${title}`, ...outcome.problems].join('\n  '))
}

function outcomeOf({ id }: Row, results: ReadonlyMap<string, Result>): Outcome {
  return results.get(id)?.outcome ?? { type: 'failed', problems: ['it did not run'] }
}

function slowest(results: ReadonlyMap<string, Result>): string {
  return [...results].toSorted(([, one], [, other]) => other.ms - one.ms).slice(0, 30)
    .map(([id, { began, ms }]) => `${id} ${Math.round(ms)} (at ${Math.round(began)})`)
    .join(', ')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
