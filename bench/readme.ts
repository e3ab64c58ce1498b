import { cpus } from 'node:os'
import { type Line, quantile, SECTIONS } from './lines.ts'
import portkey from './portkey/package.json' with { type: 'json' }
import { type BenchRun, NAMES, renderTable, valuesOf, versionOf } from './report.ts'
import { type ScenarioName, SCENARIOS } from './scenarios.ts'
import type { Runtime } from './subjects.ts'

/** A row of the README: a line of the report under a title for readers of the README. */
interface Row {
  title: string
  scenario: ScenarioName
  /** The label of the line in `SECTIONS`. */
  label: string
  /** The label of Portkey's figure, of which the README has one for all runtimes. */
  peer?: string
}

const RATIOS: readonly Row[] = [
  {
    title: 'requests/s, whole answers, 32 connections',
    scenario: 'many',
    label: 'requests/s: gateway / Portkey',
  },
  {
    title: 'streams/s, 100 chunks at once, 16 connections',
    scenario: 'streams',
    label: 'streams/s: gateway / Portkey',
  },
  {
    title: 'requests/s, bodies of 200 KB, 4 connections',
    scenario: 'large',
    label: 'requests/s: gateway / Portkey',
  },
  {
    title: 'requests for the same CPU time, whole answers',
    scenario: 'many',
    label: 'CPU: Portkey / gateway',
  },
]

const FIGURES: readonly Row[] = [
  {
    title: 'CPU of a signed request, µs',
    scenario: 'many',
    label: 'CPU of each in µs, gateway',
    peer: 'CPU of each in µs, Portkey',
  },
  {
    title: 'memory after 32 connections, MB',
    scenario: 'many',
    label: 'memory in MB, gateway',
    peer: 'memory in MB, Portkey',
  },
  {
    title: 'added to the time to the first token, median, ms',
    scenario: 'first-word',
    label: 'added by gateway, median, ms',
  },
  {
    title: 'CPU of one more chunk within a stream, µs',
    scenario: 'relayed-steady',
    label: 'CPU of a chunk in µs, gateway',
  },
]

/** Renders the section "Performance" of the README: the comparison with Portkey, and own figures. */
export function renderPerformance(run: BenchRun): string {
  const names = run.runtimes.map((runtime) => NAMES[runtime])
  const name = `Portkey ${portkey.dependencies['@portkey-ai/gateway']}`
  const ratios = RATIOS.map((row) => [row.title, '1', ...cells(run, row)])
  const figures = FIGURES.map((row) => [row.title, peerCell(run, row), ...cells(run, row)])
  return [
    `Measured with \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ` +
    `${run.rounds.length} rounds with windows of at least ${run.seconds} s on ${cpus().length} cores ` +
    `(${
      cpus()[0]?.model ?? 'unknown'
    }), which load, upstream and gateway share; one runtime is measured after the other. Portkey runs on ` +
    `the same Node in the same rounds and also signs its requests. Versions: ` +
    `${['node', 'bun', 'workerd', 'deno'].map((one) => `${one} ${versionOf(one)}`).join(', ')}.\n`,
    renderTable([
      [`relative to ${name}, medians (more is better)`, 'Portkey', ...names],
      ...ratios,
    ]),
    renderTable([['figure (less is better)', 'Portkey', ...names], ...figures]),
  ].join('\n')
}

function cells(run: BenchRun, row: Row): string[] {
  return run.runtimes.map((runtime) => cell(run, lineOf(row, row.label), [runtime]))
}

/** Portkey is measured in each round with each runtime. */
function peerCell(run: BenchRun, row: Row): string {
  return row.peer === undefined ? '–' : cell(run, lineOf(row, row.peer), run.runtimes)
}

function cell(run: BenchRun, line: Line, runtimes: readonly Runtime[]): string {
  const values = runtimes.flatMap((runtime) => valuesOf(line, runtime, run.rounds))
  const middle = quantile(values, 0.5)
  return Number.isNaN(middle) ? '–' : middle.toFixed(line.digits)
}

function lineOf({ scenario }: Row, label: string): Line {
  const title = SCENARIOS.find(({ name }) => name === scenario)?.title
  const line = SECTIONS.find((section) => section.title === title)?.lines
    .find((one) => one.label === label)
  if (!line) throw new Error(`The report has no line "${label}" in ${scenario}`)
  return line
}
