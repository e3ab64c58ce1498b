import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import process from 'node:process'
import { type Line, quantile, type Section, SECTIONS } from './lines.ts'
import type { Round } from './rounds.ts'
import type { Runtime } from './subjects.ts'

/** All measurements and their parameters. */
export interface BenchRun {
  runtimes: readonly Runtime[]
  rounds: readonly ReadonlyMap<Runtime, Round>[]
  /** The duration of a window. */
  seconds: number
  /** The load average of the machine before the bench. */
  load: number
}

/** The runtimes as the tables name them. */
export const NAMES: Readonly<Record<Runtime, string>> = {
  node: 'Node',
  bun: 'Bun',
  workers: 'workerd',
  deno: 'Deno',
}

/** Renders the tables and the failures. */
export function renderReport(run: BenchRun): string {
  const isMeasured = (line: Line) =>
    run.runtimes.some((runtime) => valuesOf(line, runtime, run.rounds).some((value) => value >= 0))
  const tables = SECTIONS.filter(({ lines }) => lines.some(isMeasured))
    .map((section) => renderSection(section, run))
  return `${tables.join('\n')}\n${renderErrors(run)}\n`
}

/** Renders the report as the page `bench/RESULTS.md`. */
export function renderResults(run: BenchRun): string {
  const { missed, met } = judge(run)
  const date = new Date().toISOString().slice(0, 10)
  return `# Benchmark results

Written by \`npm run bench\` on ${date}: ${run.rounds.length} rounds with windows of
${run.seconds} s, in alternating order.

${machineOf(run)}

${METHOD}
${renderReport(run)}
## Targets

Targets are in parentheses. ${met} of ${met + missed.length} are met.
${missed.length === 0 ? '' : `\n${missed.map((miss) => `- ${miss}`).join('\n')}\n\n${REASONS}`}`
}

const METHOD =
  `Each runtime runs three servers: the gateway, started with the command of the README (on workerd
without the proxy of \`wrangler dev\`), a pipe, and a server that only signs with Web Crypto. The raw
pipe is a reverse proxy: it forwards the request and the answer with their headers, without reading
them, on Node with \`node:http\`. On Bun, Deno and workerd their bytes do not reach JavaScript. The
JavaScript pipe reads and writes each piece, as any translation must.

One runtime is measured after the other. Before its first round, each server is warmed up with thousands
of requests of all kinds: a server runs for days, and a request to one that has just started costs up to
twice as much (PROFILES.md). Answers without streaming with 32 connections are measured in windows three
times as long, after 2 s of the same load.
Portkey is started anew for each runtime, so that both are equally warm.

Figures are medians of the rounds. Ratios are calculated within a round, where both sides have the same
noise; those with a target show their range. CPU is user and system time of the process with all its
threads, from \`/proc\`; it is left out where \`/proc\` is missing. "Unsigned" excludes the CPU time of a
signature.

The CPU of a chunk is the CPU of whole streams divided by their chunks, including the start and the
end of each stream. The table "within the streams" is different: all streams start before the window
and end after it, so it shows the cost of one additional chunk. It measures the gateway and the pipe
concurrently, with 32 streams each, so that variations of the machine affect both.

Limits of the figures: load generator, upstream and gateway share the cores, so requests per second are
lower bounds, not capacities. The upstream is a stand-in that answers at once and verifies no signature.
There is no TLS. Each request has a different body, so no cache can answer it. Each stream is checked
for all its chunks, its finish reason and its \`[DONE]\`.
`

const REASONS = `Common causes of missed targets:

- On three runtimes the raw pipe is native code, while the gateway processes streams in JavaScript:
  the JavaScript pipe shows more accurately what the translation adds.
- A signature is a large part of the CPU time of a short request. The streams include it, the pipes do not.
- Words that arrive one by one meet cold caches: a single event costs several times as much as one of many.
- bench/PROFILES.md has the profiles: where the time goes on each runtime, and what was tried.
`

function renderSection({ title, lines }: Section, { runtimes, rounds }: BenchRun): string {
  const head = [title, ...runtimes.map((runtime) => NAMES[runtime])]
  const rows = lines.map((line) => [
    line.label,
    ...runtimes.map((runtime) => renderCell(line, runtime, valuesOf(line, runtime, rounds))),
  ])
  return renderTable([head, ...rows])
}

/** Renders rows as a table in Markdown; the first row is its head. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  )
  const [head = '', ...body] = rows.map((row) =>
    `| ${
      row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
      ).join(' | ')
    } |`
  )
  const rule = `| ${
    widths.map((width, column) => `${'-'.repeat(width - 1)}${column === 0 ? '-' : ':'}`).join(' | ')
  } |`
  return [head, rule, ...body, ''].join('\n')
}

/** The values of a line in all rounds of a runtime. */
export function valuesOf(
  line: Line,
  runtime: Runtime,
  rounds: BenchRun['rounds'],
): readonly number[] {
  return rounds.flatMap((round) => {
    const here = round.get(runtime)
    return here ? [line.value(here)] : []
  })
}

function renderCell({ digits, target }: Line, runtime: Runtime, values: readonly number[]): string {
  const middle = quantile(values, 0.5)
  if (Number.isNaN(middle)) return '–'
  if (!target) return middle.toFixed(digits)
  const range = `${quantile(values, 0).toFixed(digits)}–${quantile(values, 1).toFixed(digits)}`
  const sign = target.side === 'max' ? '≤' : '≥'
  return `${middle.toFixed(digits)} [${range}] (${sign} ${target.by[runtime]})`
}

/** Counts the targets that are met and lists the missed ones. */
function judge({ runtimes, rounds }: BenchRun): { met: number; missed: readonly string[] } {
  const verdicts = SECTIONS.flatMap(({ title, lines }) =>
    lines.flatMap((line) =>
      runtimes.flatMap((runtime) => {
        const { target, digits } = line
        const value = quantile(valuesOf(line, runtime, rounds), 0.5)
        if (!target || Number.isNaN(value)) return []
        const bound = target.by[runtime]
        const isMet = target.side === 'max' ? value <= bound : value >= bound
        const [label, figure] = [`${title}; ${line.label}`, value.toFixed(digits)]
        return [isMet ? undefined : `${NAMES[runtime]}: ${label}: ${figure}, target ${bound}`]
      })
    )
  )
  const missed = verdicts.filter((miss) => miss !== undefined)
  return { met: verdicts.length - missed.length, missed }
}

function renderErrors({ rounds }: BenchRun): string {
  const errors = rounds.flatMap((round) =>
    [...round].flatMap(([runtime, { cells }]) =>
      [...cells].flatMap(([cell, outcome]) =>
        Object.entries(outcome.errors).map(([what, count]) =>
          `${NAMES[runtime]}, ${cell}: ${what}, ${count} times`
        )
      )
    )
  )
  return errors.length === 0 ? 'No request failed.' : `Failed: ${errors.join('; ')}.`
}

function machineOf({ load }: BenchRun): string {
  const processors = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `Machine: ${processors.length} cores, ${
    processors[0]?.model ?? 'unknown'
  }, ${memory} GiB, ` +
    `${process.platform}; load average before the run ${load.toFixed(1)}.\n` +
    `Runtimes: ${VERSIONED.map((name) => `${name} ${versionOf(name)}`).join(', ')}.`
}

/** The packages whose versions belong to the results. */
export const VERSIONED = ['node', 'bun', 'workerd', 'deno', 'hono', '@hono/node-server']

/** The installed version of a package. */
export function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  const json: { version: string } = JSON.parse(readFileSync(file, 'utf8'))
  return json.version
}
