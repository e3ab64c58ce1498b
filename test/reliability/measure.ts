/**
 * Measures the goals of docs/reliability.md on each runtime:
 *
 *   npm run reliability -- --write          measures all and writes the figures into that page
 *   npm run drain -- --runtime workerd      also: soak, aborts
 *   npm run soak -- --runtime node --requests 100000
 *   npm run overload -- --size 0.2 --json   an outage, too many requests, clients that read nothing
 *
 * `--size` scales the load relative to the goals; the default is 0.1. All measurements with size 1
 * take a quarter of an hour. The exit status is 1 if a goal is missed without a reason in
 * `explained.ts`.
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
/** Measurements that mostly wait, so all runtimes run in parallel. */
const PARALLEL = new Set(['outage'])
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

const requested = values.runtime.flatMap((names) => names.split(','))
  .map((name) => name === 'workerd' ? 'workers' : name)
const runtimes = RUNTIMES.filter((runtime) => requested.includes(runtime))
const size = values.requests === undefined ? Number(values.size) : Number(values.requests) / 100_000
const isAll = positionals.length === 0
const selected = Object.entries(MEASUREMENTS)
  .filter(([name]) => isAll || positionals.includes(name))
if (values.write && !(isAll && runtimes.length === RUNTIMES.length)) {
  throw new Error('Cannot write the figures: --write needs all measurements on all runtimes')
}

const measured = new Map<Runtime, Figure[]>(runtimes.map((runtime) => [runtime, []]))
for (const [name, measure] of selected) {
  if (PARALLEL.has(name)) await Promise.all(runtimes.map((one) => measureOn(name, measure, one)))
  else for (const runtime of runtimes) await measureOn(name, measure, runtime)
}
const all: Measured[] = [...measured].map(([runtime, figures]) => ({ runtime, figures }))
process.stdout.write(values.json ? renderJson(all) : renderTable(all))
if (values.write) await writeFigures(all)
const missed = all.flatMap(({ runtime, figures }) =>
  figures.filter((figure) => judge(figure) === 'missed' && !explanationOf(runtime, figure))
)
process.exit(missed.length === 0 ? 0 : 1)

async function measureOn(name: string, measure: Measurement, runtime: Runtime): Promise<void> {
  const startedAt = performance.now()
  const figures = await measure(runtime, size).catch((error: unknown): Figure[] => [
    { goal: 0, what: `${name} could not be measured`, value: 1, unit: '', max: 0 },
    ...(process.stderr.write(`${error instanceof Error ? error.stack : error}\n`) ? [] : []),
  ])
  measured.get(runtime)?.push(...figures)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stderr.write(`${name} on ${runtime}: ${seconds} s\n`)
}
