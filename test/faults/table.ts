import { readFile, writeFile } from 'node:fs/promises'
import type { Runtime } from '../runtimes/start.ts'
import type { Outcome } from './try-row.ts'
import type { Row } from './row.ts'

const PAGE = new URL('../../docs/reliability.md', import.meta.url)
const BEGIN = '<!-- faults -->'
const END = '<!-- /faults -->'

const NAMES: Readonly<Record<Runtime, string>> = {
  node: 'Node',
  bun: 'Bun',
  deno: 'Deno',
  workers: 'workerd',
}
const SIGNS: Readonly<Record<Outcome['type'], string>> = {
  passed: '✓',
  failed: '✗',
  pending: '…',
  untestable: '–',
}

/** The outcomes of the rows on a runtime, by id. */
export type Column = readonly [runtime: Runtime, outcomes: ReadonlyMap<string, Outcome>]

/** Writes the table between its markers in docs/reliability.md. */
export async function writeTable(rows: readonly Row[], columns: readonly Column[]): Promise<void> {
  const page = await readFile(PAGE, 'utf8')
  const [before, rest = ''] = page.split(BEGIN)
  const [, after] = rest.split(END)
  if (after === undefined) throw new Error(`Cannot write the table: no ${BEGIN} … ${END}`)
  await writeFile(PAGE, `${before}${BEGIN}\n\n${renderTable(rows, columns)}\n${END}${after}`)
}

/** A line per fault, a column per runtime, and below it the reasons of rows that did not run. */
export function renderTable(rows: readonly Row[], columns: readonly Column[]): string {
  const names = columns.map(([runtime]) => NAMES[runtime])
  const notes = new Map<string, string>()
  const lines = rows.map(({ id, title }) => {
    const signs = columns.map(([, outcomes]) => signOf(outcomes.get(id), notes))
    return lineOf([id, escape(title), ...signs])
  })
  return [
    summaryOf(columns),
    '',
    lineOf(['', 'fault', ...names]),
    lineOf(['---', '---', ...names.map(() => ':-:')]),
    ...lines,
    '',
    ...[...notes].map(([reason, number]) => `${number}. ${escape(reason)}`),
    '',
  ].join('\n')
}

/** Each reason appears once, below the table, with a number. */
function signOf(outcome: Outcome | undefined, notes: Map<string, string>): string {
  if (!outcome) return ''
  const sign = SIGNS[outcome.type]
  if (!('reason' in outcome)) return sign
  const number = notes.get(outcome.reason) ?? String(notes.size + 1)
  notes.set(outcome.reason, number)
  return `${sign} ${number}`
}

function summaryOf(columns: readonly Column[]): string {
  const all = columns.flatMap(([, outcomes]) => [...outcomes.values()])
  const count = (type: Outcome['type']) => all.filter((outcome) => outcome.type === type).length
  const date = new Date().toISOString().slice(0, 10)
  return `Written by \`npm run faults -- --write\` on ${date}: ${
    count('passed')
  } of ${all.length} ` +
    `pass (✓), ${count('failed')} fail (✗), ${count('pending')} are known failures (…), ` +
    `${count('untestable')} cannot run on that runtime (–).`
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('__', '\\_\\_')
}
