import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import type { Runtime } from '../runtimes/start.ts'
import { explanationOf } from './explained.ts'
import { type Figure, judge, type Measured } from './figures.ts'

const NAMES: Readonly<Record<Runtime, string>> = {
  node: 'Node',
  bun: 'Bun',
  deno: 'Deno',
  workers: 'workerd',
}

/** Renders one line for each figure and one column for each runtime; missed goals have a `!`. */
export function renderTable(all: readonly Measured[]): string {
  const rows = rowsOf(all)
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
  const lines = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

/** Renders the figures as JSON, with a verdict for each; Infinity and NaN are `null`. */
export function renderJson(all: readonly Measured[]): string {
  const judged = all.map(({ runtime, figures }) => ({
    runtime,
    figures: figures.map((figure) => ({
      ...figure,
      verdict: judge(figure),
      explanation: judge(figure) === 'missed' ? explanationOf(runtime, figure) : undefined,
    })),
  }))
  return `${JSON.stringify(judged, null, 2)}\n`
}

const PAGE = new URL('../../docs/reliability.md', import.meta.url)
const BEGIN = '<!-- figures -->'
const END = '<!-- /figures -->'

/** Replaces the figures between their markers in docs/reliability.md. */
export async function writeFigures(all: readonly Measured[]): Promise<void> {
  const page = await readFile(PAGE, 'utf8')
  const [before, rest = ''] = page.split(BEGIN)
  const [, after] = rest.split(END)
  if (after === undefined) throw new Error(`Cannot write the figures: no ${BEGIN} … ${END}`)
  await writeFile(PAGE, `${before}${BEGIN}\n\n${renderSection(all)}\n${END}${after}`)
}

function renderSection(all: readonly Measured[]): string {
  const [head = [], ...rows] = rowsOf(all)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const date = new Date().toISOString().slice(0, 10)
  const reasons = all.flatMap(({ runtime, figures }) =>
    figures.filter((figure) => judge(figure) === 'missed').map((figure) =>
      `- ${NAMES[runtime]}, goal ${figure.goal}, ${figure.what}: ${
        explanationOf(runtime, figure) ?? 'not explained'
      }\n`
    )
  )
  const table = `${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}`
  return `Written by \`npm run reliability -- --write\` on ${date}, on ${machine()}, which load,
upstream and gateway shared. \`!\` marks a missed goal with a reason below, \`!!\` one without.

${table}${reasons.length === 0 ? '' : `\n${reasons.join('')}`}`
}

function machine(): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${first?.model.trim()}, ${memory} GiB`
}

function rowsOf(all: readonly Measured[]): string[][] {
  const figures = all.flatMap(({ figures }) => figures)
  const unique = figures.filter((figure, at) =>
    figures.findIndex(({ what, goal }) => what === figure.what && goal === figure.goal) === at
  ).toSorted((a, b) => a.goal - b.goal)
  return [
    ['Goal', 'Figure', 'Goal value', ...all.map(({ runtime }) => NAMES[runtime])],
    ...unique.map((row) => [
      String(row.goal),
      row.what,
      limitsOf(figures.filter((figure) => figure.what === row.what)),
      ...all.map((one) => cellOf(one, row)),
    ]),
  ]
}

/** Formats the limits, all of them if the runtimes have different ones. */
function limitsOf(figures: readonly Figure[]): string {
  const [{ unit, max, min } = { unit: '' as const }] = figures
  const limits = [...new Set(figures.map(({ max }) => max))].filter((max) => max !== undefined)
  if (max !== undefined && max === min) return String(max)
  if (max !== undefined) return `≤ ${limits.map((limit) => format(limit, unit)).join(' or ')}`
  return min === undefined ? '' : `≥ ${format(min, unit)}`
}

function cellOf({ figures, runtime }: Measured, { what, goal }: Figure): string {
  const figure = figures.find((one) => one.what === what && one.goal === goal)
  if (!figure) return '–'
  const isMissed = judge(figure) === 'missed'
  const mark = !isMissed ? '' : explanationOf(runtime, figure) ? ' !' : ' !!'
  return `${format(figure.value, figure.unit)}${mark}`
}

function format(value: number, unit: Figure['unit']): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'none' : 'never'
  const digits = Number.isInteger(value) || Math.abs(value) >= 100
    ? 0
    : Math.abs(value) < 10
    ? 2
    : 1
  const number = value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return unit === ''
    ? number
    : unit === '%' || unit === '×'
    ? `${number} ${unit}`
    : `${number} ${unit}`
}
