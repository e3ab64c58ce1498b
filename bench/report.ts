import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import process from 'node:process'
import { type Line, quantile, type Section, SECTIONS } from './lines.ts'
import type { Round } from './rounds.ts'
import type { Runtime } from './subjects.ts'

/** Everything that was measured, and how. */
export interface BenchRun {
  runtimes: readonly Runtime[]
  rounds: readonly ReadonlyMap<Runtime, Round>[]
  /** Of a window. */
  seconds: number
  /** The machine's load average before the bench began. */
  load: number
}

const NAMES: Readonly<Record<Runtime, string>> = {
  node: 'Node',
  bun: 'Bun',
  workers: 'workerd',
  deno: 'Deno',
}

/** The tables, and what went wrong. */
export function renderReport(run: BenchRun): string {
  const isMeasured = (line: Line) =>
    run.runtimes.some((runtime) => valuesOf(line, runtime, run.rounds).some((value) => value >= 0))
  const tables = SECTIONS.filter(({ lines }) => lines.some(isMeasured))
    .map((section) => renderSection(section, run))
  return `${tables.join('\n')}\n${renderErrors(run)}\n`
}

/** The same as a page of the project's documentation. */
export function renderResults(run: BenchRun): string {
  const { missed, met } = judge(run)
  const date = new Date().toISOString().slice(0, 10)
  return `# What the gateway costs

Written by \`npm run bench -- --write\` on ${date}: ${run.rounds.length} rounds with windows of
${run.seconds} s, forwards and backwards in turn.

${machineOf(run)}

${METHOD}
${renderReport(run)}
## Where it stands

The figure in brackets is the target. ${met} of ${met + missed.length} are met.
${missed.length === 0 ? '' : `\n${missed.map((miss) => `- ${miss}`).join('\n')}\n\n${REASONS}`}`
}

const METHOD =
  `Each runtime runs three things: the gateway as the README starts it (on workerd without
the proxy of \`wrangler dev\`), a pipe, and Web Crypto's signature alone. The raw pipe passes the request
on and the answer back and reads neither; on Bun, Deno and workerd its bytes never reach JavaScript. The
pipe by hand reads each piece and writes it again, as anything that translates must.

Figures are medians of the rounds. Ratios are made within a round, where both sides met the same noise;
behind those with a target stands their range. CPU is user and system time of the process and all its
threads, from \`/proc\`; where there is none it is left out. "Unsigned" is without the CPU of a
signature.

The CPU of a chunk is that of whole streams, with what each costs to begin and to end shared out, but
for the table that says "amid the streams": there all streams begin before the window and end after
it, and what is compared is the price of one more chunk. There the gateway and the pipe are also asked
at the same time, 32 streams each, so that a machine that is slow for a moment is slow for both.

What the figures do not say: load, upstream and gateway share the cores, so requests per second are
floors and not capacities. The upstream is a stand-in that answers at once and verifies no signature.
There is no TLS. Every request's body is another, so nothing can be answered from memory. Every stream is
checked for all its chunks, its finish and its \`[DONE]\`.
`

const REASONS = `What the misses have in common:

- The raw pipe is native code on three of the runtimes, where a stream of the gateway is JavaScript:
  the pipe by hand is the fairer measure of what the translation adds.
- A signature is a large part of a short request's CPU. The streams pay for it, the pipes do not.
- Words that come one by one find cold caches: one event costs a multiple of what it costs among many.
- On Node most of the rest is \`fetch\` and its streams.
`

function renderSection({ title, lines }: Section, { runtimes, rounds }: BenchRun): string {
  const head = [title, ...runtimes.map((runtime) => NAMES[runtime])]
  const rows = lines.map((line) => [
    line.label,
    ...runtimes.map((runtime) => renderCell(line, runtime, valuesOf(line, runtime, rounds))),
  ])
  return renderTable([head, ...rows])
}

function renderTable(rows: readonly (readonly string[])[]): string {
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

function valuesOf(
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
  const sign = target.side === 'most' ? '≤' : '≥'
  return `${middle.toFixed(digits)} [${range}] (${sign} ${target.by[runtime]})`
}

/** How many targets were met, and which were not. */
function judge({ runtimes, rounds }: BenchRun): { met: number; missed: readonly string[] } {
  const verdicts = SECTIONS.flatMap(({ title, lines }) =>
    lines.flatMap((line) =>
      runtimes.flatMap((runtime) => {
        const { target, digits } = line
        const value = quantile(valuesOf(line, runtime, rounds), 0.5)
        if (!target || Number.isNaN(value)) return []
        const bound = target.by[runtime]
        const isMet = target.side === 'most' ? value <= bound : value >= bound
        const [label, figure] = [`${title}; ${line.label}`, value.toFixed(digits)]
        return [isMet ? undefined : `${NAMES[runtime]}: ${label}: ${figure} for ${bound}`]
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
    `${process.platform}; load average before it began ${load.toFixed(1)}.\n` +
    `Runtimes: ${VERSIONED.map((name) => `${name} ${versionOf(name)}`).join(', ')}.`
}

const VERSIONED = ['node', 'bun', 'workerd', 'deno', 'hono', '@hono/node-server']

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  const json: { version: string } = JSON.parse(readFileSync(file, 'utf8'))
  return json.version
}
