import { readFile } from 'node:fs/promises'
import { withSection } from './generated-section.ts'

/** What is assumed about the load. */
const STREAMS = 100_000
const STREAM_SECONDS = 20
/** Events per second of a stream as OCI sends them. */
const EVENTS_PER_SECOND = 30
/** The part of a core that is used, so that peaks and garbage collection have room. */
const UTILIZATION = 0.6

/** The runtimes by their names in bench/RESULTS.md and bench/STREAMS.md. */
const RUNTIMES = [['Node', 'node'], ['Bun', 'bun'], ['Deno', 'deno']] as const

const bench = new URL('../bench/', import.meta.url)

/** Replaces the calculation in docs/capacity.md, from the results in bench/. */
export async function withCapacity(page: string): Promise<string> {
  const results = await readFile(new URL('RESULTS.md', bench), 'utf8')
  const memory = await readFile(new URL('STREAMS.md', bench), 'utf8')
  const columns = RUNTIMES.map(([title, name]) => calculate(title, name, results, memory))
  const row = (label: string, cells: readonly (string | number)[]) =>
    `| ${[label, ...cells].join(' | ')} |`
  return withSection(
    page,
    'capacity',
    [
      row('', RUNTIMES.map(([title]) => title)),
      '|---|--:|--:|--:|',
      row('measured: CPU of a request without streaming, µs', columns.map((one) => one.request)),
      row('measured: CPU of an event within a stream, µs', columns.map((one) => one.event)),
      row('measured: memory of a process without streams, MiB', columns.map((one) => one.base)),
      row('measured: memory of a stream, KiB', columns.map((one) => one.stream)),
      row('CPU of a stream per second, µs', columns.map((one) => one.perSecond.toFixed(0))),
      row('streams of a process, by CPU', columns.map((one) => one.perProcess)),
      row(
        `**processes for ${STREAMS.toLocaleString('en')} streams**`,
        columns.map((one) => one.processes),
      ),
      row('memory of such a process, MiB', columns.map((one) => one.memory.toFixed(0))),
      row('memory of all processes, GiB', columns.map((one) => one.total.toFixed(0))),
      '',
    ].join('\n'),
  )
}

function calculate(title: string, name: string, results: string, memory: string) {
  const request = cellOf(tableOf(results, 'Answers without streaming, 32 connections'), {
    row: 'CPU of each in µs, gateway',
    column: title,
  })
  const event = cellOf(tableOf(results, 'The same within the streams'), {
    row: 'CPU of a chunk in µs, gateway',
    column: title,
  })
  const streams = tableOf(memory, 'runtime')
  const base = cellOf(streams, { row: name, column: 'without, MiB' })
  const stream = cellOf(streams, { row: name, column: 'for each stream, KiB' })
  const perSecond = EVENTS_PER_SECOND * event + request / STREAM_SECONDS
  const perProcess = Math.floor(UTILIZATION * 1_000_000 / perSecond)
  const processes = Math.ceil(STREAMS / perProcess)
  const used = base + perProcess * stream / 1024
  const total = processes * used / 1024
  return { request, event, base, stream, perSecond, perProcess, processes, memory: used, total }
}

/** The rows of the table whose heading begins with a text, the heading first. */
function tableOf(text: string, heading: string): string[][] {
  const [, rest] = text.split(`\n| ${heading}`)
  if (rest === undefined) throw new Error(`No table "${heading}"`)
  const [table = ''] = rest.split('\n\n')
  return `${heading}${table}`.trim().split('\n')
    .map((line) => line.replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim()))
}

/** The number at the beginning of a cell. */
function cellOf([heading = [], ...rows]: string[][], at: { row: string; column: string }): number {
  const value = parseFloat(
    rows.find(([label]) => label === at.row)?.[heading.indexOf(at.column)] ?? '',
  )
  if (Number.isNaN(value)) throw new Error(`No number for ${at.row}, ${at.column}`)
  return value
}
