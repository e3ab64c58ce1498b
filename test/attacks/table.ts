import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import type { Runtime } from '../runtimes/start.ts'
import { type Form, SIZES } from './form.ts'
import type { Measures, Outcome } from './outcome.ts'
import type { Row } from './row.ts'

const NAMES: Readonly<Record<Runtime, string>> = {
  node: 'Node',
  bun: 'Bun',
  deno: 'Deno',
  workers: 'workerd',
}
const BEGIN = '<!-- attacks -->'
const END = '<!-- /attacks -->'
const ROOT = new URL('../../', import.meta.url)

/** The outcomes on a runtime, by row id. */
export type Column = readonly [runtime: Runtime, outcomes: ReadonlyMap<string, Outcome>]

/** Writes all rows to docs/reliability.md and a summary of each fault to SECURITY.md. */
export async function writeTables(
  rows: readonly Row[],
  columns: readonly Column[],
  form: Form,
): Promise<void> {
  await writeSection('docs/reliability.md', renderTable(rows, columns, form))
  const compact = renderSummary(rows, columns)
  await writeSection(
    'SECURITY.md',
    `<!-- deno-fmt-ignore-start -->\n${compact}\n<!-- deno-fmt-ignore-end -->\n`,
  )
}

async function writeSection(file: string, section: string): Promise<void> {
  const url = new URL(file, ROOT)
  const page = await readFile(url, 'utf8')
  const [before, rest = ''] = page.split(BEGIN)
  const [, after] = rest.split(END)
  if (after === undefined) {
    throw new Error(`Cannot write the table: ${file} lacks ${BEGIN} … ${END}`)
  }
  await writeFile(url, `${before}${BEGIN}\n\n${section}\n${END}${after}`)
}

/** Renders a line for each row, a column for each runtime, and the reasons for untestable rows. */
export function renderTable(
  rows: readonly Row[],
  columns: readonly Column[],
  form: Form,
): string {
  const names = columns.map(([runtime]) => NAMES[runtime])
  const notes = new Map<string, string>()
  const tried = rows.filter(({ id }) => columns.some(([, outcomes]) => outcomes.has(id)))
  const lines = tried.map(({ id, title }) => {
    const cells = columns.map(([, outcomes]) => cellOf(outcomes.get(id), notes))
    return lineOf([id, escape(title), ...cells])
  })
  return [
    introduction(columns, form),
    '',
    lineOf(['', 'attack', ...names]),
    lineOf(['---', '---', ...names.map(() => '---')]),
    ...lines,
    '',
    ...[...notes].map(([reason, number]) => `${number}. ${escape(reason)}`),
    '',
  ].join('\n')
}

/** Renders a line for each fault with the number of rows that pass. */
export function renderSummary(rows: readonly Row[], columns: readonly Column[]): string {
  const groups = Map.groupBy(rows, ({ id }) => /^[A-Z]\d+/.exec(id)?.[0] ?? id)
  return [
    lineOf(['fault', 'rows', ...columns.map(([runtime]) => NAMES[runtime])]),
    lineOf(['---', '---', ...columns.map(() => '---')]),
    ...[...groups].map(([fault, members]) =>
      lineOf([
        fault,
        String(members.length),
        ...columns.map(([, outcomes]) => shareOf(members, outcomes)),
      ])
    ),
  ].join('\n')
}

function shareOf(rows: readonly Row[], outcomes: ReadonlyMap<string, Outcome>): string {
  const types = rows.map(({ id }) => outcomes.get(id)?.type)
  const tried = types.filter((type) => type === 'passed' || type === 'failed').length
  const held = types.filter((type) => type === 'passed').length
  return tried === 0 ? '–' : held === tried ? `✓ ${held}` : `✗ ${held} of ${tried}`
}

/** Renders the measurements of an outcome in one line. */
export function describeMeasures(outcome: Outcome): string {
  return outcome.type === 'untestable' ? '' : partsOf(outcome.measures).join(' · ')
}

function cellOf(outcome: Outcome | undefined, notes: Map<string, string>): string {
  if (!outcome) return ''
  if (outcome.type === 'untestable') {
    const number = notes.get(outcome.reason) ?? String(notes.size + 1)
    notes.set(outcome.reason, number)
    return `– ${number}`
  }
  const sign = outcome.type === 'passed' ? '✓' : '✗'
  return [sign, partsOf(outcome.measures).join(' · ')].join(' ').trim()
}

function partsOf(measures: Measures): readonly string[] {
  const { statuses, perMb, p99, health, memory, handles, release, end, crowd } = measures
  return [
    ...(statuses ? [Object.keys(statuses).join('/')] : []),
    ...(perMb ? [`${perMb.map(round).join(' → ')} ms/MB`] : []),
    ...(p99 === undefined ? [] : [`p99 ${round(p99)} ms`]),
    ...(health === undefined ? [] : [`/health ${round(health)} ms`]),
    ...(memory === undefined ? [] : [`${round(memory)} MiB`]),
    ...(handles === undefined ? [] : [`${handles < 0 ? '' : '+'}${handles} handles`]),
    ...(release === undefined ? [] : [`free after ${round(release)} ms`]),
    ...(end === undefined ? [] : [`ended after ${round(end)} ms`]),
    ...(crowd ? [`${crowd.count} at once: ${partsOf(crowd).join(', ')}`] : []),
  ]
}

function round(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '–'
}

function introduction(columns: readonly Column[], form: Form): string {
  const all = columns.flatMap(([, outcomes]) => [...outcomes.values()])
  const count = (type: Outcome['type']) => all.filter((outcome) => outcome.type === type).length
  const date = new Date().toISOString().slice(0, 10)
  const [first] = cpus()
  const machine = `${cpus().length} × ${first?.model.trim()}, ${
    Math.round(totalmem() / 2 ** 30)
  } GiB`
  const command = form === 'short'
    ? 'npm run attacks -- --short --write'
    : 'npm run attacks -- --write'
  const [small, large] = SIZES[form].map((bytes) => `${bytes / 2 ** 20} MB`)
  return `Written by \`${command}\` on ${date}, on ${machine}, which the attacks, ` +
    `the upstream and the gateway shared: ${count('passed')} of ${
      count('passed') + count('failed')
    } hold (✓), ${count('failed')} do not (✗), ${count('untestable')} cannot be tried there (–). ` +
    `A cell has the statuses, the time per MB at ${small} and at ${large}, the longest wait for ` +
    '`/health`, ' +
    'the memory of the process at its peak and the file handles that were left open. ' +
    `Rows with "32 at once" were also tried with 32 requests of ${large} at once, one or two rows for ` +
    'each shape of request and one with all shapes; the other rows were not.' +
    (form === 'short'
      ? ' In this short form times are processor time of the gateway, where that is less.'
      : '')
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('__', '\\_\\_')
}
