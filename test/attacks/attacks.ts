/**
 * Attacks the gateway as it is started on each runtime and measures the effect. The last line of
 * output is `N passed, N failed`.
 *
 *   npm run attacks                      every row in full, on all four runtimes
 *   npm run attacks -- bun deno F1 B     only these runtimes and rows with these prefixes
 *   npm run attacks -- --short           the form that is part of `npm test`
 *   npm run attacks -- --write           and writes the tables in docs/reliability.md and SECURITY.md
 */
import process from 'node:process'
import { sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { BOUNDS, type Form } from './form.ts'
import { type AttackedGateway, killGateways, openAttackedGateway } from './gateway.ts'
import { type Finding, type Outcome, problemIf } from './outcome.ts'
import { isAlive, ownHandles, statusOfOrdinary, timeToRelease } from './probe.ts'
import type { Bounds, Row } from './row.ts'
import { ROWS } from './rows/all.ts'
import type { SetupName } from './settings.ts'
import { type Column, describeMeasures, writeTables } from './table.ts'
import { tryAbandon } from './try-abandon.ts'
import { tryAnswer, tryMixture, tryRequest } from './try-request.ts'
import { tryHold, tryIdle, tryRepeat } from './try-resources.ts'
import { trySequence } from './try-sequence.ts'
import { trySoak } from './try-soak.ts'

const RUNTIMES: readonly Runtime[] = ['node', 'bun', 'deno', 'workers']
/** The limit of one row, in milliseconds. */
const LIMIT: Readonly<Record<Form, number>> = { full: 1_800_000, short: 240_000 }
/** The bounds of a Worker after requests that were abandoned; `release` in milliseconds. */
const ABANDONED_ON_WORKERS: Partial<Bounds> = { handles: Infinity, release: 20_000 }
/** Milliseconds until file handles must be closed. */
const HANDLES_LIMIT = 8_000

process.once('exit', killGateways)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const form: Form = process.argv.includes('--short') ? 'short' : 'full'
const isVerbose = process.argv.includes('--verbose')
const parameters = process.argv.slice(2).filter((word) => !word.startsWith('--'))
  .map((word) => word === 'workerd' ? 'workers' : word)
const runtimes = RUNTIMES.filter((runtime) => parameters.includes(runtime))
const prefixes = parameters.filter((word) => !RUNTIMES.some((runtime) => runtime === word))
const rows = ROWS.filter(({ id }) =>
  prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix))
)

const selected = runtimes.length > 0 ? runtimes : RUNTIMES
const found = new Map<Runtime, ReadonlyMap<string, Outcome>>()
// Measurements are comparable only when one runtime runs at a time.
await Promise.all(Array.from({ length: form === 'short' ? 2 : 1 }, tryInTurn))
const columns = selected.map((runtime): Column => [runtime, found.get(runtime) ?? new Map()])
if (process.argv.includes('--write')) await writeTables(rows, columns, form)
const all = columns.flatMap(([, outcomes]) => [...outcomes.values()])
const count = (type: Outcome['type']) => all.filter((outcome) => outcome.type === type).length
print(`${count('untestable')} cannot be tried on a runtime`)
print(`${count('passed')} passed, ${count('failed')} failed`)
process.exit(count('failed') === 0 ? 0 : 1)

/** Runs the runtimes that no other lane has started. */
async function tryInTurn(): Promise<void> {
  for (const runtime of selected) {
    if (found.has(runtime)) continue
    found.set(runtime, new Map())
    const began = performance.now()
    const outcomes = await tryAll(runtime)
    found.set(runtime, outcomes)
    print(`${runtime}: ${outcomes.size} rows in ${Math.round(performance.now() - began)} ms`)
  }
}

async function tryAll(runtime: Runtime): Promise<Map<string, Outcome>> {
  const gateways = new Map<SetupName, AttackedGateway>()
  const outcomes = new Map<string, Outcome>()
  const tried = rows.filter(({ shortOn }) =>
    form === 'full' || shortOn?.includes(runtime) !== false
  )
  const tryOne = async (row: Row) => {
    const began = performance.now()
    const outcome = await tryRow(row, runtime, gateways)
    outcomes.set(row.id, outcome)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    if (outcome.type === 'failed') print(`✗ ${runtime} ${row.id}: ${row.title} (${seconds} s)`)
    for (const problem of outcome.type === 'failed' ? outcome.problems : []) print(`    ${problem}`)
    if (isVerbose) print(`${outcome.type} ${row.id} ${describeMeasures(outcome)} (${seconds} s)`)
  }
  const waiting = tried.filter(({ concurrent }) => concurrent).map(tryOne)
  for (const row of tried) if (!row.concurrent) await tryOne(row)
  await Promise.all(waiting)
  for (const gateway of gateways.values()) await gateway.stop()
  return outcomes
}

async function tryRow(
  row: Row,
  runtime: Runtime,
  gateways: Map<SetupName, AttackedGateway>,
): Promise<Outcome> {
  const untestable = row.skip?.[runtime]
  if (untestable !== undefined) return { type: 'untestable', reason: untestable }
  const name = row.gateway ?? (row.attack.type === 'request' ? 'loaded' : 'scripted')
  const bounds = boundsOf(runtime, row)
  const gateway = (!row.fresh && gateways.get(name)) || await openAttackedGateway(runtime, name)
  if (!row.fresh) gateways.set(name, gateway)
  const finding = await tryOn(row, bounds, gateway).catch((error: unknown): Finding => ({
    problems: [error instanceof Error ? error.stack ?? error.message : String(error)],
    measures: {},
  }))
  // A new gateway, so that a damaged one does not affect the next row.
  if (row.fresh || finding.problems.length > 0) {
    gateways.delete(name)
    await gateway.stop()
  }
  const { problems, measures } = finding
  return problems.length === 0 ? { type: 'passed', measures } : { type: 'failed', ...finding }
}

function boundsOf(runtime: Runtime, { attack, bounds = {} }: Row): Bounds {
  const usual = BOUNDS[form]
  const { health = usual.health } = bounds
  return {
    ...usual,
    ...bounds,
    health: form === 'short' ? Math.max(usual.health, health) : health,
    // workerd notices a disconnect at its next write: a silent upstream keeps handles open. Permits
    // are only counted there, not limited.
    ...(runtime === 'workers' && attack.type === 'abandon' && ABANDONED_ON_WORKERS),
  }
}

async function tryOn(row: Row, bounds: Bounds, gateway: AttackedGateway): Promise<Finding> {
  const handles = ownHandles(gateway)
  const timer = Promise.withResolvers<Finding>()
  const limit = setTimeout(
    () => timer.resolve({ problems: ['the row takes too long'], measures: {} }),
    LIMIT[form],
  )
  const finding = await Promise.race([attack(row, bounds, gateway), timer.promise])
  clearTimeout(limit)
  if (row.unready) return finding
  // The next request also shows whether the gateway works, and the short form has little time.
  if (form === 'short' && row.attack.type === 'request') return finding
  const hasEnded = row.attack.type === 'abandon' && gateway.target.runtime !== 'workers'
  return hasEnded ? finding : await addAftermath(finding, handles, bounds, gateway)
}

function attack(
  { attack }: Row,
  bounds: Bounds,
  gateway: AttackedGateway,
): Promise<Finding> {
  switch (attack.type) {
    case 'request':
      return tryRequest(attack, bounds, gateway, form)
    case 'mixture':
      return tryMixture(attack, bounds, gateway, form)
    case 'answer':
      return tryAnswer(attack, bounds, gateway, form)
    case 'sequence':
      return trySequence(attack, bounds, gateway, form)
    case 'abandon':
      return tryAbandon(attack, bounds, gateway, form)
    case 'repeat':
      return tryRepeat(attack, bounds, gateway, form)
    case 'hold':
      return tryHold(attack, bounds, gateway, form)
    case 'idle':
      return tryIdle(attack, bounds, gateway, form)
    case 'soak':
      return trySoak(attack, bounds, gateway, form)
  }
}

/** Checks after every row: the gateway answers, permits are free, handles closed, chats succeed. */
async function addAftermath(
  { problems, measures }: Finding,
  before: number,
  bounds: Bounds,
  gateway: AttackedGateway,
): Promise<Finding> {
  if (!await isAlive(gateway)) {
    return { problems: [...problems, 'does not answer afterwards'], measures }
  }
  const release = await timeToRelease(gateway, bounds.release)
  const status = await statusOfOrdinary(gateway)
  const handles = await settleHandles(gateway, before, bounds.handles)
  return {
    problems: [
      ...problems,
      ...problemIf((release ?? 0) > bounds.release, 'permits are still in use'),
      ...problemIf(status !== 200, `an ordinary chat afterwards: ${status}`),
      ...problemIf(handles > bounds.handles, `${handles} more file handles`),
    ],
    measures: { handles, ...(release !== undefined && { release }), ...measures },
  }
}

async function settleHandles(
  gateway: AttackedGateway,
  before: number,
  max: number,
): Promise<number> {
  const until = performance.now() + HANDLES_LIMIT
  while (ownHandles(gateway) - before > max && performance.now() < until) await sleep(100)
  return ownHandles(gateway) - before
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
