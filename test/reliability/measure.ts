/**
 * Measures what docs/reliability.md promises, on the gateway as it is started on each runtime:
 *
 *   npm run reliability -- --write          all of it, and writes the figures into that page
 *   npm run drain -- --runtime workerd      also: soak, aborts
 *   npm run soak -- --runtime node --requests 100000
 *   npm run overload -- --size 0.2 --json   an outage, too many requests, clients that read nothing
 *
 * `--size` is the part of the goals' own size that is done: 0.1 when nothing is said, 1 of all of
 * them, which takes a quarter of an hour. The status is 1 when a goal is missed and `explained.ts`
 * does not say why.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Runtime } from '../runtimes/start.ts'
import { measureAborts } from './aborts.ts'
import { measureDrain } from './drain.ts'
import { explanationOf } from './explained.ts'
import { type Figure, judge, type Measured, type Measurement } from './figures.ts'
import { measureFuzzes } from './fuzzes.ts'
import { measureOutage } from './outage.ts'
import { measureOverload } from './overload.ts'
import { renderJson, renderTable, writeFigures } from './report.ts'
import { measureSoak } from './soak.ts'
import { measureStalled } from './stalled.ts'
import { measureStart } from './start.ts'
import { measureStreams } from './streams.ts'

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  start: measureStart,
  aborts: measureAborts,
  stalled: measureStalled,
  overload: measureOverload,
  drain: measureDrain,
  soak: measureSoak,
  outage: measureOutage,
  streams: measureStreams,
  fuzz: measureFuzzes,
}
/** It waits more than it works: all runtimes side by side. */
const TOGETHER = new Set(['outage'])
const RUNTIMES: readonly Runtime[] = ['node', 'bun', 'deno', 'workers']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runtime: { type: 'string', multiple: true, default: [...RUNTIMES] },
    size: { type: 'string', default: '0.1' },
    requests: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

const asked = values.runtime.flatMap((names) => names.split(','))
  .map((name) => name === 'workerd' ? 'workers' : name)
const runtimes = RUNTIMES.filter((runtime) => asked.includes(runtime))
const size = values.requests === undefined ? Number(values.size) : Number(values.requests) / 100_000
const isAll = positionals.length === 0
const chosen = Object.entries(MEASUREMENTS)
  .filter(([name]) => isAll || positionals.includes(name))
if (values.write && !(isAll && runtimes.length === RUNTIMES.length)) {
  throw new Error('Cannot write the figures: all of them are written, on all runtimes, or none')
}

const measured = new Map<Runtime, Figure[]>(runtimes.map((runtime) => [runtime, []]))
for (const [name, measure] of chosen) {
  if (TOGETHER.has(name)) await Promise.all(runtimes.map((one) => take(name, measure, one)))
  else for (const runtime of runtimes) await take(name, measure, runtime)
}
const all: Measured[] = [...measured].map(([runtime, figures]) => ({ runtime, figures }))
process.stdout.write(values.json ? renderJson(all) : renderTable(all))
if (values.write) await writeFigures(all)
const missed = all.flatMap(({ runtime, figures }) =>
  figures.filter((figure) => judge(figure) === 'missed' && !explanationOf(runtime, figure))
)
process.exit(missed.length === 0 ? 0 : 1)

async function take(name: string, measure: Measurement, runtime: Runtime): Promise<void> {
  const began = performance.now()
  const figures = await measure(runtime, size).catch((error: unknown): Figure[] => [
    { goal: 0, what: `${name} could not be measured`, value: 1, unit: '', most: 0 },
    ...(process.stderr.write(`${error instanceof Error ? error.stack : error}\n`) ? [] : []),
  ])
  measured.get(runtime)?.push(...figures)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  process.stderr.write(`${name} on ${runtime}: ${seconds} s\n`)
}
